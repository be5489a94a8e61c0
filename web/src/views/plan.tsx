// The plan that the scenario carries out: a timeline with its reasons, what it is worth, and the rotation.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { board, change, run, scenario, trouble } from "../data";
import { hours, moment } from "../format";
import { Difference } from "../now/difference";
import { Faults } from "../parts/notices";
import { Retold } from "../parts/words";
import { drawn } from "../plan/bars";
import { Chosen } from "../plan/chosen";
import { NotPlanned, Numbers, Worth } from "../plan/lists";
import { MakePlan } from "../plan/make";
import { failed, load, type Plan as Planned, shown } from "../plan/plan_data";
import "../plan/plan.css";
import { RotationCard } from "../plan/rotation";
import { Timeline } from "../plan/timeline";
import { t } from "../texts";

export default function Plan() {
  const id = scenario.value?.id;
  useEffect(() => {
    if (id) void load(id);
  }, [id]);
  const found = shown.value;
  return (
    <div class="plan-view">
      <h2 class="heard">{t("tab.plan")}</h2>
      {failed.value && (
        <div class="notice bad" role="alert">
          <Faults of={failed.value} />
        </div>
      )}
      {!found && !failed.value && !trouble.value && <p class="quiet">{t("state.loading")}</p>}
      {found && !found.plan && (
        <div class="card">
          <p>{t("plan.none")}</p>
        </div>
      )}
      {found?.plan && <Carried plan={found.plan} scenario={found.scenario} />}
      {found && <MakePlan open={!found.plan} />}
      <Difference />
    </div>
  );
}

function Carried({ plan, scenario: id }: { plan: Planned; scenario: string }) {
  const chosen = useSignal<string | null>(null);
  const end = run.value ? Date.parse(run.value.start) + run.value.hours * 3_600_000 : Date.parse(plan.made_at) + plan.hours * 3_600_000;
  const { parts, from, to } = drawn(plan, end);
  return (
    <>
      <section class="card">
        <div class="head">
          <h2>{t("plan.title")}</h2>
          {!board.value?.read_only && (
            <button type="button" onClick={() => void change({ kind: "no_plan" })}>
              {t("plan.leave")}
            </button>
          )}
        </div>
        <p class="small">
          {t("plan.made", { time: moment(plan.made_at), hours: hours(plan.hours) })}{" "}
          {plan.objective && t(`plan.small_${plan.objective}`)} {!plan.complete && t("plan.incomplete")}
        </p>
        {parts.some((part) => part.lanes.length > 0) ? (
          <Timeline lanes={parts} from={from} to={to} chosen={chosen.value} choose={(one) => (chosen.value = chosen.value === one ? null : one)} />
        ) : (
          <p>{t("plan.nothing")}</p>
        )}
        <Chosen plan={plan} id={chosen.value} />
        <p class="small quiet key-line">{t("plan.legend")}</p>
        <Numbers plan={plan} />
      </section>
      <NotPlanned plan={plan} />
      {(Object.keys(plan.worth).length > 0 || plan.notes.length > 0) && (
        <section class="card">
          <h2>{t("plan.worth_title")}</h2>
          <p class="small quiet">{t("plan.worth_as_made")}</p>
          <Worth worth={plan.worth} />
          {plan.notes.length > 0 && (
            <ul class="small">
              {plan.notes.map((note) => (
                <li key={note}>
                  <Retold of={note} />
                </li>
              ))}
            </ul>
          )}
        </section>
      )}
      {plan.rotation && <RotationCard rotation={plan.rotation} scenario={id} />}
    </>
  );
}
