// What was chosen on the timeline: when, who, why; and, for a repair, what can be done about it.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import type { Trouble } from "../api";
import type { Edit } from "../contract";
import { board, change } from "../data";
import { hours, megawatts, moment, rounded, whole } from "../format";
import { regionName } from "../now/map";
import { Faults } from "../parts/notices";
import { When } from "../parts/when";
import { Retold } from "../parts/words";
import { t } from "../texts";
import { iso } from "../zone";
import type { Plan, Repair } from "./plan_data";

type Fact = [string, ComponentChildren];

export function Chosen({ plan, id }: { plan: Plan; id: string | null }) {
  if (id === null) return <p class="quiet small">{t("plan.choose")}</p>;
  const [kind, ...rest] = id.split(" ");
  const name = rest.join(" ");
  const repair = kind === "repair" ? plan.repairs.find((one) => one.asset === name) : undefined;
  return (
    <section class="chosen" aria-live="polite" aria-label={t("plan.chosen")}>
      {repair && <OneRepair key={repair.asset} one={repair} first={plan.repairs[0] === repair} made={plan.made_at} />}
      {kind === "drain" && <OneDrain plan={plan} at={Number(name)} />}
      {kind === "unit" && <OneUnit plan={plan} at={Number(name)} />}
      {kind === "delivery" && <OneDelivery plan={plan} at={Number(name)} />}
    </section>
  );
}

function Facts({ title, facts, why }: { title: string; facts: Fact[]; why: string }) {
  return (
    <>
      <h3>
        <bdi>{title}</bdi>
      </h3>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p>
        <b>{t("plan.why")}</b> {why ? <Retold of={why} /> : <span class="quiet">{t("plan.no_reason")}</span>}
      </p>
    </>
  );
}

function OneRepair({ one, first, made }: { one: Repair; first: boolean; made: string }) {
  const facts: Fact[] = [
    [t("plan.begins"), moment(one.begin)],
    [t("plan.back"), `${moment(one.end)} ${t("plan.band", { low: moment(one.end_low), high: moment(one.end_high) })}`],
    [t("plan.crew"), one.crews.join(", ") || t("plan.any_crew")],
  ];
  if (one.travel_hours) facts.push([t("plan.way"), hours(one.travel_hours)]);
  if (one.spare) facts.push([t("plan.spare"), one.spare]);
  if (one.not_before) facts.push([t("plan.not_before"), moment(one.not_before)]);
  return (
    <>
      <Facts title={one.asset} facts={facts} why={one.why} />
      {!board.value?.read_only && <Shift one={one} first={first} made={made} />}
    </>
  );
}

/** Put first, begin later, or as planned again: each is a change that can be undone. */
function Shift({ one, first, made }: { one: Repair; first: boolean; made: string }) {
  const later = useSignal<number | null>(Date.parse(one.begin ?? made) + 12 * 3_600_000);
  const failed = useSignal<Trouble | null>(null);
  const make = async (edit: Edit) => {
    failed.value = await change(edit);
  };
  const held = one.not_before !== null && Date.parse(one.not_before) > Date.parse(made);
  return (
    <form
      class="shift"
      onSubmit={(event) => {
        event.preventDefault();
        if (later.value !== null) void make({ kind: "shift", asset: one.asset, not_before: iso(later.value) });
      }}
    >
      <button type="button" disabled={first && !held} onClick={() => void make({ kind: "first", asset: one.asset })}>
        {t("plan.first")}
      </button>
      {held && (
        <button type="button" onClick={() => void make({ kind: "shift", asset: one.asset, not_before: iso(Date.parse(made)) })}>
          {t("plan.give_back")}
        </button>
      )}
      <When label={t("plan.later")} value={later.value} from={Date.parse(made)} change={(at) => (later.value = at)} />
      <button type="submit">{t("plan.hold_back")}</button>
      {failed.value && (
        <div class="notice bad" role="alert">
          <Faults of={failed.value} />
        </div>
      )}
    </form>
  );
}

function OneDrain({ plan, at }: { plan: Plan; at: number }) {
  const one = plan.drains[at];
  if (!one) return null;
  const facts: Fact[] = [
    [t("plan.drain_from"), one.drain ? moment(one.begin) : t("plan.hold")],
    [t("plan.until"), moment(one.end)],
    [t("plan.freezes"), moment(one.freezes)],
    [t("plan.buildings_head"), whole(one.buildings)],
    [t("plan.crew"), one.crews.join(", ") || t("plan.city_crews")],
  ];
  return <Facts title={one.group} facts={facts} why={one.why} />;
}

function OneUnit({ plan, at }: { plan: Plan; at: number }) {
  const one = plan.units[at];
  if (!one) return null;
  const facts: Fact[] = [
    ...(one.leaves ? [[t("plan.leaves"), moment(one.leaves)] as Fact] : []),
    [t("plan.works_from"), moment(one.begin)],
    [t("plan.until"), one.end ? moment(one.end) : t("plan.to_the_end")],
    [t("plan.where"), [one.target, regionName(one.region)].filter(Boolean).join(", ")],
    [t("plan.serves"), t("plan.people", { number: rounded(one.people) })],
    ...(one.capacity_mw ? [[t("plan.capacity"), megawatts(one.capacity_mw)] as Fact] : []),
    ...(one.litres_per_day ? [[t("plan.burns"), t("plan.litres_a_day", { number: whole(one.litres_per_day) })] as Fact] : []),
  ];
  return <Facts title={one.count > 1 ? `${one.count} × ${one.unit}` : one.unit} facts={facts} why={one.why} />;
}

function OneDelivery({ plan, at }: { plan: Plan; at: number }) {
  const one = plan.deliveries[at];
  if (!one) return null;
  const facts: Fact[] = [
    [t("plan.there_at"), moment(one.begin)],
    [t("plan.where"), [...one.targets, regionName(one.region)].join(", ")],
    [t("plan.fuel"), t("plan.litres_only", { number: whole(one.litres) })],
  ];
  return <Facts title={one.tanker} facts={facts} why={one.why} />;
}
