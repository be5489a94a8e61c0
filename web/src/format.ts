// Numbers and times as people of the chosen language write them, in the case's time zone.
import { computed, signal } from "@preact/signals";
import { language, t } from "./texts";
import { midnights } from "./zone";

export const zone = signal("UTC");

const formats = computed(() => {
  const tag = language.value;
  const days = tag === "en" ? "en-GB" : tag; // day before month
  const timeZone = zone.value;
  const moment = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(days, { timeZone, hourCycle: "h23", ...options });
  const day = { weekday: "short", day: "numeric", month: "short" } as const;
  const clock = { hour: "2-digit", minute: "2-digit" } as const;
  return {
    round: new Intl.NumberFormat(tag, { maximumSignificantDigits: 3 }),
    whole: new Intl.NumberFormat(tag, { maximumFractionDigits: 0 }),
    tenth: new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
    free: new Intl.NumberFormat(tag, { maximumFractionDigits: 2 }),
    percent: new Intl.NumberFormat(tag, { style: "percent", maximumFractionDigits: 0 }),
    signed: new Intl.NumberFormat(tag, { maximumSignificantDigits: 3, signDisplay: "exceptZero" }),
    compact: new Intl.NumberFormat(tag, { notation: "compact", maximumSignificantDigits: 3 }),
    signedCompact: new Intl.NumberFormat(tag, { notation: "compact", maximumSignificantDigits: 3, signDisplay: "exceptZero" }),
    order: new Intl.Collator(tag, { numeric: true }),
    day: moment(day),
    clock: moment(clock),
    moment: moment({ ...day, ...clock }),
    date: moment({ dateStyle: "long" }),
  };
});

const some = (value: number | null | undefined): value is number =>
  value !== null && value !== undefined && Number.isFinite(value);
const write = (value: number | null | undefined, how: Intl.NumberFormat): string =>
  some(value) ? how.format(value === 0 ? 0 : value) : "–";

/** People, person-hours: three digits say enough, and less than half a hundredth is none. */
export const rounded = (value: number | null | undefined) =>
  write(some(value) && Math.abs(value) < 0.005 ? 0 : value, formats.value.round);
/** Buildings, steps. */
export const whole = (value: number | null | undefined) => write(value, formats.value.whole);
/** At most two decimals, none that say nothing. */
export const plain = (value: number | null | undefined) => write(value, formats.value.free);
/** With so many decimals at most. */
export const decimals = (value: number, places: number) =>
  new Intl.NumberFormat(language.value === "en" ? "en-GB" : language.value, { maximumFractionDigits: places }).format(value || 0);
export const percent = (share: number | null | undefined) => write(share, formats.value.percent);
/** With its sign, for a difference. */
export const signed = (value: number | null | undefined) => write(value, formats.value.signed);
/** With its sign, as short as on an axis. */
export const signedCompact = (value: number | null | undefined) => write(value, formats.value.signedCompact);
/** For axes: 12K, 12 тис. */
export const compact = (value: number | null | undefined) => write(value, formats.value.compact);
export const degrees = (value: number | null | undefined) =>
  some(value) ? `${formats.value.tenth.format(value)}\u00a0°C` : "–";
export const hours = (value: number | null | undefined) =>
  some(value) ? t("unit.hours", { number: value < 10 ? plain(Math.round(value * 10) / 10) : whole(value) }) : "–";
/** Some minutes or seconds that something still takes. */
export const duration = (seconds: number): string =>
  seconds < 90
    ? t("unit.seconds", { number: whole(Math.ceil(seconds)) })
    : seconds < 5400
      ? t("unit.minutes", { number: whole(Math.round(seconds / 60)) })
      : t("unit.hours", { number: plain(Math.round(seconds / 360) / 10) });
export const megawatts = (value: number | null | undefined) =>
  some(value) ? t("unit.mw", { number: plain(value) }) : "–";

type Moment = number | string | null | undefined;
const at = (time: Moment): number => (typeof time === "string" ? Date.parse(time) : (time ?? NaN));
const say = (time: Moment, how: Intl.DateTimeFormat): string =>
  Number.isFinite(at(time)) ? how.format(at(time)) : "–";

/** Fri 9 Jan */
export const day = (time: Moment) => say(time, formats.value.day);
/** 08:00 */
export const clock = (time: Moment) => say(time, formats.value.clock);
/** Fri 9 Jan, 08:00 */
export const moment = (time: Moment) => say(time, formats.value.moment);
/** 9 January 2026 */
export const date = (time: Moment) => say(time, formats.value.date);

/** What a language is called in that of the page. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames([language.value], { type: "language" }).of(code) ?? code;
  } catch {
    return code; // no code of a language
  }
}

/** By name as the language orders them; numbers in names by their size. */
export const byName = (one: string, other: string) => formats.value.order.compare(one, other);

/** At most `most` local midnights of a span, evenly. */
export function midnightsShown(from: number, to: number, where: string, most: number): number[] {
  const all = midnights(from, to, where);
  const every = Math.max(1, Math.ceil(all.length / most));
  return all.filter((_, k) => k % every === 0);
}
