// Many winters of this case are walked: how many, and what varies between them.
import { useSignal } from "@preact/signals";
import { board, scenario } from "../data";
import { Progress, useWork } from "../parts/job";
import { whole } from "../format";
import { t } from "../texts";
import { load, type Shown } from "./risk_data";

const SAMPLES = [10, 50, 200, 1000, 5000];

export function MakeRisk({ of }: { of: Shown }) {
  const samples = useSignal(50);
  const seed = useSignal(0);
  const wished = {
    hazard: useSignal(of.can.hazard),
    random_failures: useSignal(of.can.random_failures && !of.can.hazard),
    measures: useSignal(false),
  };
  const work = useWork<{ risk: string }>("risk", (event) => void load(event.result?.risk));
  if (board.value?.read_only) return null;
  const nothing = !wished.hazard.value && !wished.random_failures.value;
  return (
    <details class="card make" open={of.risk === null}>
      <summary>
        <h2>{t("risk.make")}</h2>
      </summary>
      {!of.can.hazard && !of.can.random_failures ? (
        <p>{t("risk.cannot")}</p>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const asked = Object.fromEntries(Object.entries(wished).map(([key, one]) => [key, one.value]));
            void work.start({ scenario: scenario.value?.id ?? board.value?.root, samples: samples.value, seed: seed.value, ...asked });
          }}
        >
          <fieldset class="field">
            <legend>{t("risk.varies")}</legend>
            {(["hazard", "random_failures", "measures"] as const).map((key) => (
              <label class="option" key={key}>
                <input
                  type="checkbox"
                  checked={wished[key].value}
                  disabled={!of.can[key]}
                  onChange={(event) => (wished[key].value = event.currentTarget.checked)}
                />
                {t(`risk.with_${key}`)}
                {!of.can[key] && <small class="quiet"> {t(`risk.no_${key}`)}</small>}
              </label>
            ))}
          </fieldset>
          <label class="field">
            {t("risk.samples")}
            <select value={samples.value} onChange={(event) => (samples.value = Number(event.currentTarget.value))}>
              {SAMPLES.map((one) => (
                <option key={one} value={one}>
                  {whole(one)}
                </option>
              ))}
            </select>
          </label>
          <label class="field">
            {t("risk.seed")}
            <input
              type="number"
              min={0}
              max={2147483647}
              value={seed.value}
              onInput={(event) => (seed.value = Math.max(0, Math.round(Number(event.currentTarget.value) || 0)))}
            />
          </label>
          <button type="submit" class="main" disabled={nothing || work.job.value !== null}>
            {t("risk.start")}
          </button>
        </form>
      )}
      <Progress work={work} stop={t("risk.stop")} />
      {work.event.value?.cancelled && of.risk && <p>{t("risk.stopped", { count: of.risk.samples })}</p>}
      {work.event.value?.failed === "stopped" && <p>{t("risk.stopped_none")}</p>}
      <p class="small quiet">{t("risk.make_help")}</p>
    </details>
  );
}
