// What is it, and when: who is without, how cold, how long until pipes freeze, what is due next.
import type { ComponentChildren } from "preact";
import type { Decision, Run } from "../contract";
import { board, instant, run, step, without } from "../data";
import { clock, degrees, hours, moment, percent, rounded, whole } from "../format";
import { Num } from "../parts/table";
import { language, t } from "../texts";
import { regionName } from "./map";

export function Situation() {
  const now = run.value;
  if (!now) return null;
  const s = step.value;
  const total = now.answers.people || now.region_people.reduce((sum, n) => sum + n, 0);
  const missing = (service: string) => without(now, service)[s];
  const others = ["gas", "water"].filter((service) => Math.max(0, ...without(now, service)) >= 1);
  return (
    <section class="situation" aria-label={t("now.title")}>
      <Fact name={t("now.time")} id="now">
        <b>{moment(instant(now, s))}</b>
        <Checked of={now} />
      </Fact>
      {(["heat", "power"] as const).map((service) => (
        <Fact key={service} name={t(`regions.people_without_${service}`)} id={`without-${service}`} mark={service}>
          <b>
            <Num value={missing(service)} as={rounded} />
          </b>
          <span>
            {t("now.of_people", { count: Math.round(total), people: rounded(total), share: percent(total > 0 ? (missing(service) ?? 0) / total : 0) })}
          </span>
        </Fact>
      ))}
      {others.length > 0 && (
        <Fact name={t("now.also")} id="without-also">
          <ul>
            {others.map((service) => (
              <li key={service}>
                {t(`service.${service}`)} <Num value={missing(service)} as={rounded} />
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {now.frames.indoor_coldest_degc && <Coldest of={now} at={s} />}
      {now.frames.indoor_coldest_degc && <Freezing of={now} at={s} />}
      <Next of={now} at={instant(now, s)} />
    </section>
  );
}

function Fact({ name, id, mark, tone, children }: { name: string; id: string; mark?: string; tone?: string; children: ComponentChildren }) {
  return (
    <div class={`fact ${tone ?? ""}`} id={`fact-${id}`}>
      <h2>
        {mark && <span class={`dot ${mark}`} aria-hidden="true" />}
        {name}
      </h2>
      {children}
    </div>
  );
}

/** The audit runs behind the answer: its mark says that it has passed. */
function Checked({ of }: { of: Run }) {
  if (of.checked === true) return <span class="checked" title={t("now.checked_help")}>✓ {t("now.checked")}</span>;
  return <span>{t(of.checked === false ? "now.not_checked" : "now.checking")}</span>;
}

/** The region whose value is least in a step, with that value. */
function least(of: Run, frame: string, at: number): { region: string; value: number } | null {
  let found: { region: string; value: number } | null = null;
  for (const [k, value] of (of.frames[frame]?.[at] ?? []).entries()) {
    if (value !== null && (found === null || value < found.value)) found = { region: of.regions[k] ?? "", value };
  }
  return found;
}

function Coldest({ of, at }: { of: Run; at: number }) {
  const coldest = least(of, "indoor_coldest_degc", at);
  return (
    <Fact name={t("now.coldest")} id="coldest">
      <b>
        <Num value={coldest?.value} as={degrees} />
      </b>
      {coldest && <span>{regionName(coldest.region)}</span>}
    </Fact>
  );
}

/** When crews have to begin with a group at the latest. */
const startBy = (one: Decision): number => (one.start_by ? Date.parse(one.start_by) : Infinity);

interface First {
  value: number; // h
  said: string;
}

/** Pipes that freeze first, and what would keep them from it: in a group that is still to be drained or held, or as
 *  the run goes on. Groups with which crews had to begin earlier count as the run has them: empty, or still full. */
function firstFreezing(of: Run, at: number): First | null {
  const shown = instant(of, at);
  const found = least(of, "hours_to_freezing", at);
  const left = (one: Decision) => (one.drain_by ? (Date.parse(one.drain_by) - shown) / 3_600_000 : -1);
  const late = (one: Decision) => one.choice === "drain" && startBy(one) < shown;
  const ahead = of.answers.decisions.filter((one) => left(one) >= 0).sort((one, other) => left(one) - left(other));
  const next = ahead.find((one) => !late(one));
  if (next && left(next) <= (found?.value ?? Infinity) + HUNDREDTH)
    return { value: left(next), said: t(next.choice === "drain" ? "now.unless_drained" : "now.unless_heat", { who: next.group }) };
  if (!found) return null;
  const full = ahead.find((one) => late(one) && one.region === found.region && Math.abs(left(one) - found.value) <= 1);
  return {
    value: found.value,
    said: full
      ? t("now.drain_due", { who: full.group, time: when(startBy(full), shown) })
      : t("now.unless_drained", { who: regionName(found.region) }),
  };
}

const HUNDREDTH = 0.01; // h: what a frame is rounded to

function Freezing({ of, at }: { of: Run; at: number }) {
  const first = firstFreezing(of, at);
  if (!first)
    return (
      <Fact name={t("now.freezing")} id="freezing">
        <b>{t("now.none")}</b>
        <span>{t("now.not_within")}</span>
      </Fact>
    );
  return (
    <Fact name={t("now.freezing")} id="freezing" tone={first.value < 24 ? "urgent" : ""}>
      <b>{first.value <= 0 ? t("map.frozen") : <Num value={first.value} as={hours} />}</b>
      <span>{first.said}</span>
    </Fact>
  );
}

/** The decision that is due next after an instant. */
function Next({ of, at }: { of: Run; at: number }) {
  const next = of.answers.decisions
    .filter((one) => one.choice === "drain" && startBy(one) >= at && Number.isFinite(startBy(one)))
    .sort((one, other) => startBy(one) - startBy(other))[0];
  return (
    <Fact name={t("now.next")} id="next" tone={next ? "urgent" : ""}>
      {next ? (
        <>
          <b>{t("now.drain_by", { time: when(startBy(next), at) })}</b>
          <span>{t("now.drain_what", { group: next.group, count: Math.round(next.buildings), number: whole(next.buildings) })}</span>
        </>
      ) : (
        <>
          <b>{t("now.none")}</b>
          <span>{t("now.nothing_due")}</span>
        </>
      )}
    </Fact>
  );
}

/** A time as a clock tells it; with its day where that is not the day shown. */
const when = (time: number, at: number): string => (sameDay(time, at) ? clock(time) : moment(time));

const sameDay = (one: number, other: number): boolean => {
  void language.value;
  const day = (time: number) => new Intl.DateTimeFormat("en", { timeZone: board.value?.case.time_zone ?? "UTC" }).format(time);
  return day(one) === day(other);
};
