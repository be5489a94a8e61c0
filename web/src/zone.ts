// Times of the case's zone: days of 23 and 25 hours included. Instants are milliseconds since 1970, UTC.

const clocks = new Map<string, Intl.DateTimeFormat>();

function clock(zone: string): Intl.DateTimeFormat {
  let found = clocks.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    });
    clocks.set(zone, found);
  }
  return found;
}

/** What a wall clock shows, as if it stood in UTC. */
function wall(instant: number, zone: string): number {
  const part: Record<string, number> = {};
  for (const { type, value } of clock(zone).formatToParts(instant)) part[type] = Number(value);
  return Date.UTC(
    part.year ?? 1970,
    (part.month ?? 1) - 1,
    part.day ?? 1,
    part.hour ?? 0,
    part.minute ?? 0,
    part.second ?? 0,
  );
}

/** `2026-01-09T06:00`, as a field for dates and times wants it. */
export const toField = (instant: number, zone: string): string =>
  new Date(wall(instant, zone)).toISOString().slice(0, 16);

/** The instant at which clocks show so; of two, the first; within a gap, just after it. Null if no time. */
export function fromField(text: string, zone: string): number | null {
  const shown = Date.parse(`${text}Z`);
  if (!Number.isFinite(shown) || shown < Date.UTC(1900, 0)) return null; // a year is still being typed
  // the offsets of the day before and of the day after: at most one of them changes in between
  const day = 86_400_000;
  const offsets = [shown - day, shown + day].map((about) => wall(about, zone) - about);
  const fits = offsets
    .map((offset) => shown - offset)
    .filter((instant) => wall(instant, zone) === shown);
  return fits.length ? Math.min(...fits) : shown - Math.min(...offsets);
}

/** Local midnights within a span, with the instant of each. */
export function midnights(from: number, to: number, zone: string): number[] {
  const found: number[] = [];
  const first = toField(from, zone).slice(0, 10);
  for (let day = Date.parse(`${first}T00:00Z`); ; day += 86_400_000) {
    const instant = fromField(new Date(day).toISOString().slice(0, 16), zone);
    if (instant === null || instant > to) return found;
    if (instant >= from) found.push(instant);
  }
}

/** `2026-01-09T06:00:00Z`, as the server wants it. */
export const iso = (instant: number): string => new Date(instant).toISOString().replace(/\.\d+Z$/, "Z");
