// A plan is looked for: how long, what for; its worth; then it is carried out as a change that can be undone.
import { useSignal } from "@preact/signals";
import { get, type JobEvent, Trouble } from "../api";
import { board, change, run, scenario } from "../data";
import { duration, moment, rounded } from "../format";
import { Progress, useWork } from "../parts/job";
import { Faults } from "../parts/notices";
import { t } from "../texts";
import { Worth } from "./lists";

const OBJECTIVES = ["people_cold", "energy"] as const;
const SECONDS = [5, 20, 60, 300, 1200];

interface Stored {
  plan: string;
  made_at: string;
  objective: string;
  complete: boolean;
  repairs: number;
  worth: Record<string, number | null>;
}

export function MakePlan({ open }: { open: boolean }) {
  const objective = useSignal<string>("people_cold");
  const seconds = useSignal(20);
  const found = useSignal<Stored | null>(null);
  const failed = useSignal<Trouble | null>(null);
  const done = async (event: JobEvent<{ plan: string }>) => {
    const name = event.result?.plan;
    try {
      const { plans } = await get<{ plans: Stored[] }>("/api/plans");
      found.value = plans.find((one) => one.plan === name) ?? null;
    } catch (caught) {
      failed.value = caught instanceof Trouble ? caught : new Trouble(String(caught), 500);
    }
  };
  const work = useWork<{ plan: string }>("plan", (event) => void done(event));
  const carry = async () => {
    if (!found.value) return;
    failed.value = await change({ kind: "plan", plan: found.value.plan });
    if (!failed.value) found.value = null;
  };
  if (board.value?.read_only) return null;
  return (
    <details class="card make" open={open}>
      <summary>
        <h2>{t("plan.make")}</h2>
      </summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          found.value = null;
          void work.start({ scenario: scenario.value?.id, objective: objective.value, seconds: seconds.value });
        }}
      >
        <fieldset class="field">
          <legend>{t("plan.objective")}</legend>
          {OBJECTIVES.map((one) => (
            <label key={one} class="option">
              <input type="radio" name="objective" checked={objective.value === one} onChange={() => (objective.value = one)} />
              {t(`plan.objective_${one}`)}
            </label>
          ))}
        </fieldset>
        <label class="field">
          {t("plan.seconds")}
          <select value={seconds.value} onChange={(event) => (seconds.value = Number(event.currentTarget.value))}>
            {SECONDS.map((one) => (
              <option key={one} value={one}>
                {duration(one)}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="main" disabled={work.job.value !== null || !run.value}>
          {t("plan.start")}
        </button>
      </form>
      <Progress work={work} stop={t("plan.stop")} />
      {work.job.value && typeof (work.event.value as { best?: number } | null)?.best === "number" && (
        <p class="small">{t("plan.best", { hours: rounded((work.event.value as unknown as { best: number }).best) })}</p>
      )}
      {found.value && (
        <div class="found" role="group" aria-label={t("plan.found")}>
          <p>
            {t("plan.found_repairs", { count: found.value.repairs, time: moment(found.value.made_at) })}{" "}
            {!found.value.complete && t("plan.incomplete")}
          </p>
          <Worth worth={found.value.worth} />
          <button type="button" class="main" onClick={() => void carry()}>
            {t("plan.carry_out")}
          </button>
        </div>
      )}
      {failed.value && (
        <div class="notice bad" role="alert">
          <Faults of={failed.value} />
        </div>
      )}
    </details>
  );
}
