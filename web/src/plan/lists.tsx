// The plan as tables, what could not be planned, and what it is worth.
import { useSignal } from "@preact/signals";
import { hours, moment, rounded, whole } from "../format";
import { regionName } from "../now/map";
import { Num, Table } from "../parts/table";
import { Retold } from "../parts/words";
import { has, t } from "../texts";
import type { Plan } from "./plan_data";

/** Before and after: cold person-hours and energy, without repairs, and by rules of thumb. */
export function Worth({ worth }: { worth: Record<string, number | null> }) {
  const ways = Object.keys(worth)
    .filter((key) => key.startsWith("cold_person_hours_") && key.endsWith("_first"))
    .map((key) => key.slice("cold_person_hours".length));
  const rows = [
    ["_without_repairs", t("plan.worth_none")],
    ...ways.map((way) => [way, has(`plan.rule${way}`) ? t(`plan.rule${way}`) : way.replaceAll("_", " ")]),
    ["", t("plan.worth_plan")],
  ] as [string, string][];
  const known = rows.filter(([way]) => typeof worth[`cold_person_hours${way}`] === "number");
  if (known.length === 0) return null;
  const regret = worth.regret_mean;
  return (
    <>
      <Table
        caption={t("plan.worth")}
        columns={[{ head: t("plan.way_head") }, { head: t("plan.cold_hours"), number: true }, { head: t("plan.unserved"), number: true }]}
        rows={known.map(([way, name]) => [
          way === "" ? <b>{name}</b> : name,
          <Num value={worth[`cold_person_hours${way}`]} as={rounded} />,
          <Num value={worth[`unserved_mwh${way}`]} as={rounded} />,
        ])}
      />
      {typeof worth.cold_person_hours_mean === "number" && (
        <p class="small">
          {t("plan.draws", {
            draws: whole(worth.draws),
            mean: rounded(worth.cold_person_hours_mean),
            error: rounded(worth.cold_person_hours_stderr),
          })}{" "}
          {typeof regret === "number" && t("plan.regret", { mean: rounded(regret), worst: rounded(worth.regret_worst) })}
        </p>
      )}
      {(["drains", "deployments", "timetable"] as const).map((part) => {
        const saved = worth[`${part}_save`];
        if (typeof saved !== "number") return null;
        return (
          <p class="small" key={part}>
            {t(saved >= 0 ? `plan.${part}_save` : `plan.${part}_cost`, {
              hours: rounded(Math.abs(saved)),
              error: rounded(worth[`${part}_save_stderr`]),
            })}
          </p>
        );
      })}
    </>
  );
}

export function NotPlanned({ plan }: { plan: Plan }) {
  const passed = plan.repairs.filter((one) => one.passed_over);
  if (plan.not_planned.length === 0 && passed.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("plan.not_planned")}</h2>
      <ul class="reasons">
        {plan.not_planned.map((one) => (
          <li key={one.what}>
            <b>
              <bdi>{one.what}</bdi>
            </b>
            {": "}
            <Retold of={one.why} />
          </li>
        ))}
        {passed.map((one) => (
          <li key={one.asset}>
            <b>
              <bdi>{one.asset}</bdi>
            </b>
            {": "}
            {t("plan.passed_over")}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The timeline in numbers, where somebody asks for it or prints. */
export function Numbers({ plan }: { plan: Plan }) {
  const open = useSignal(false);
  return (
    <>
      <button type="button" class="link" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
        {t("plan.numbers")}
      </button>
      <div class={open.value ? "numbers" : "numbers printed"}>{<Tables plan={plan} />}</div>
    </>
  );
}

function Tables({ plan }: { plan: Plan }) {
  const soonest = plan.repairs.filter((one) => !one.passed_over).sort((a, b) => (a.begin ?? "￿").localeCompare(b.begin ?? "￿"));
  const heads = (...names: string[]) => names.map((name) => ({ head: t(`plan.${name}`) }));
  return (
    <>
      {soonest.length > 0 && (
        <Table
          caption={t("plan.repairs")}
          columns={heads("repair", "crew", "begins", "back", "soonest", "latest", "way", "why_head")}
          rows={soonest.map((one) => [
            <bdi>{one.asset}</bdi>,
            one.crews.join(", ") || t("plan.any_crew"),
            moment(one.begin),
            moment(one.end),
            moment(one.end_low),
            moment(one.end_high),
            hours(one.travel_hours),
            <Retold of={one.why} />,
          ])}
        />
      )}
      {plan.drains.length > 0 && (
        <Table
          caption={t("plan.drains")}
          columns={heads("group", "drain_from", "until", "freezes", "buildings_head", "crew", "why_head")}
          rows={plan.drains.map((one) => [
            <bdi>{one.group}</bdi>,
            one.drain ? moment(one.begin) : t("plan.hold"),
            moment(one.end),
            moment(one.freezes),
            whole(one.buildings),
            one.crews.join(", "),
            <Retold of={one.why} />,
          ])}
        />
      )}
      {plan.units.length > 0 && (
        <Table
          caption={t("plan.units")}
          columns={heads("unit", "leaves", "works_from", "until", "where", "serves", "why_head")}
          rows={plan.units.map((one) => [
            `${one.count} × ${one.unit}`,
            moment(one.leaves),
            moment(one.begin),
            one.end ? moment(one.end) : t("plan.to_the_end"),
            [one.target, regionName(one.region)].filter(Boolean).join(", "),
            rounded(one.people),
            <Retold of={one.why} />,
          ])}
        />
      )}
      {plan.deliveries.length > 0 && (
        <Table
          caption={t("plan.deliveries")}
          columns={heads("tanker", "there_at", "where", "fuel", "why_head")}
          rows={plan.deliveries.map((one) => [
            one.tanker,
            moment(one.begin),
            [...one.targets, regionName(one.region)].join(", "),
            t("plan.litres_only", { number: whole(one.litres) }),
            <Retold of={one.why} />,
          ])}
        />
      )}
    </>
  );
}
