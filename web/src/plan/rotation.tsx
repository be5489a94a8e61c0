// Who is cut when: a grid for each local day, told apart by pattern and colour; hours, and files to hand on.
import { path } from "../api";
import { board } from "../data";
import { clock, date, day, hours, zone } from "../format";
import { Table } from "../parts/table";
import { t } from "../texts";
import { toField } from "../zone";
import type { Group, Rotation } from "./plan_data";

const KINDS: Record<string, string> = { "0": "off", "?": "maybe", "!": "emergency" };
const CELL = 13;
const ROW = 18;
const HEAD = 18;
const FORMS = ["ics", "outage-data-ua", "yasno", "csv"] as const;

interface Spell {
  kind: string;
  first: number;
  slots: number;
}

/** Runs of the same mark within some slots; with power is no spell. */
export function spells(slots: string, first: number, count: number): Spell[] {
  const found: Spell[] = [];
  for (let at = first; at < first + count; at++) {
    const kind = KINDS[slots[at] ?? "1"];
    const last = found.at(-1);
    if (!kind) continue;
    if (last && last.kind === kind && last.first + last.slots === at) last.slots += 1;
    else found.push({ kind, first: at, slots: 1 });
  }
  return found;
}

export function RotationCard({ rotation, scenario }: { rotation: Rotation; scenario: string }) {
  const start = Date.parse(rotation.start);
  const time = (slot: number) => start + slot * rotation.slot_hours * 3_600_000;
  const ranked = [...rotation.groups].sort((a, b) => a.hours_off - b.hours_off);
  const [least, most] = [ranked[0], ranked.at(-1)];
  const cut = (one: Rotation["days"][number]) => rotation.groups.some((group) => spells(group.slots, one.first, one.slots).length > 0);
  const [days, calm] = [rotation.days.filter(cut), rotation.days.filter((one) => !cut(one))];
  return (
    <section class="card rotation">
      <h2>{t("rotation.title")}</h2>
      <p class="small quiet">{t("rotation.zone", { zone: board.value?.case.time_zone ?? "UTC" })}</p>
      <Key />
      {days.map((one) => (
        <Day key={one.date} rotation={rotation} day={one} time={time} />
      ))}
      {calm.length > 0 && <p>{t("rotation.calm", { days: calm.map((one) => day(time(one.first))).join("; ") })}</p>}
      {least && most && (
        <p>
          {t("rotation.spread", {
            least: hours(least.hours_off),
            least_group: least.group,
            most: hours(most.hours_off),
            most_group: most.group,
          })}
        </p>
      )}
      <Fairness rotation={rotation} days={days} time={time} />
      <p class="files">
        {t("rotation.files")}
        {FORMS.map((form) => (
          <a key={form} href={path("api", "scenarios", scenario, "timetable", form)} download>
            {t(`rotation.form_${form.replaceAll("-", "_")}`)}
          </a>
        ))}
      </p>
    </section>
  );
}

function Key() {
  return (
    <ul class="marks">
      {Object.values(KINDS).map((kind) => (
        <li key={kind}>
          <svg viewBox="0 0 26 14" width="26" height="14" aria-hidden="true">
            <Patterns id={`key-${kind}`} />
            <rect x="0" y="0" width="26" height="14" fill={`url(#key-${kind}-${kind})`} />
          </svg>
          {t(`rotation.${kind}`)}
        </li>
      ))}
    </ul>
  );
}

/** Off is full, possibly off is striped, without notice is dotted: seen without colours, too. */
function Patterns({ id }: { id: string }) {
  return (
    <defs>
      <pattern id={`${id}-off`} width="4" height="4" patternUnits="userSpaceOnUse">
        <rect class="off" width="4" height="4" />
      </pattern>
      <pattern id={`${id}-maybe`} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect class="pale" width="6" height="6" />
        <rect class="maybe" width="2.4" height="6" />
      </pattern>
      <pattern id={`${id}-emergency`} width="6" height="6" patternUnits="userSpaceOnUse">
        <rect class="emergency" width="6" height="6" />
        <circle class="dot" cx="3" cy="3" r="1.5" />
      </pattern>
    </defs>
  );
}

interface DayProps {
  rotation: Rotation;
  day: Rotation["days"][number];
  time: (slot: number) => number;
}

function Day({ rotation, day: one, time }: DayProps) {
  // slots stand below their hour of the clock, also on the first day, of which only a part may be told
  const [hour = 0, minute = 0] = toField(time(one.first), zone.value).slice(11).split(":").map(Number);
  const before = Math.round((hour + minute / 60) / rotation.slot_hours);
  const width = (before + one.slots) * CELL;
  const height = HEAD + rotation.groups.length * ROW;
  const every = Math.round(3 / rotation.slot_hours);
  const ticks = Array.from({ length: one.slots }, (_, k) => k).filter((k) => (before + k) % every === 0);
  const id = `d${one.date}`;
  return (
    <figure class="day">
      <figcaption>
        {day(time(one.first))} <span class="quiet small">{t("rotation.day_hours", { number: one.slots * rotation.slot_hours })}</span>
      </figcaption>
      <div class="scroll grid" role="region" aria-label={t("rotation.grid", { day: date(time(one.first)) })} tabIndex={0}>
        <div class="groups" aria-hidden="true">
          {rotation.groups.map((group) => (
            <span key={group.group}>{group.group}</span>
          ))}
        </div>
        <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} aria-hidden="true">
          <Patterns id={id} />
          {ticks.map((k) => (
            <g key={k}>
              <line class="rule" x1={(before + k) * CELL} x2={(before + k) * CELL} y1={HEAD - 4} y2={height} />
              <text x={(before + k) * CELL + 2} y={HEAD - 6}>
                {clock(time(one.first + k))}
              </text>
            </g>
          ))}
          {rotation.groups.map((group, row) => (
            <g key={group.group} transform={`translate(0 ${HEAD + row * ROW})`}>
              <rect class="on" x={before * CELL} y="1" width={one.slots * CELL} height={ROW - 2} />
              {spells(group.slots, one.first, one.slots).map((spell) => (
                <rect
                  key={spell.first}
                  x={(before + spell.first - one.first) * CELL}
                  y="1"
                  width={spell.slots * CELL}
                  height={ROW - 2}
                  fill={`url(#${id}-${spell.kind})`}
                >
                  <title>{inWords(spell, time)}</title>
                </rect>
              ))}
            </g>
          ))}
        </svg>
      </div>
    </figure>
  );
}

const inWords = (spell: Spell, time: (slot: number) => number): string =>
  t("rotation.spell", {
    kind: t(`rotation.${spell.kind}`),
    from: clock(time(spell.first)),
    to: clock(time(spell.first + spell.slots)),
  });

function Fairness({ rotation, days, time }: { rotation: Rotation; days: Rotation["days"]; time: (slot: number) => number }) {
  const some = (of: (group: Group) => number) => rotation.groups.some((group) => of(group) > 0);
  const more = [
    ...(some((one) => one.possible_hours) ? [{ head: t("rotation.possible_hours"), of: (one: Group) => one.possible_hours }] : []),
    ...(some((one) => one.emergency_hours) ? [{ head: t("rotation.emergency_hours"), of: (one: Group) => one.emergency_hours }] : []),
  ];
  return (
    <Table
      caption={t("rotation.by_group")}
      columns={[
        { head: t("rotation.group") },
        { head: t("rotation.hours_off"), number: true },
        { head: t("rotation.longest"), number: true },
        ...more.map(({ head }) => ({ head, number: true })),
        ...days.map((one) => ({ head: day(time(one.first)) })),
      ]}
      rows={rotation.groups.map((group) => [
        group.group,
        hours(group.hours_off),
        hours(group.longest_block_hours),
        ...more.map(({ of }) => hours(of(group))),
        ...days.map((one) => (
          <span class="small spells">{spells(group.slots, one.first, one.slots).map((spell) => inWords(spell, time)).join("; ") || "–"}</span>
        )),
      ])}
    />
  );
}
