// How bad the winter can get, how sure that is, and which measure takes most off.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Trouble } from "../api";
import { board, change } from "../data";
import { date, hours, moment, whole } from "../format";
import { regionName } from "../now/map";
import { Faults } from "../parts/notices";
import { Words } from "../parts/words";
import { Curve } from "../risk/curve";
import { MakeRisk } from "../risk/make";
import "../risk/risk.css";
import { curvesOf, failed, type Known, load, type Point, type Risk as Walked, shown, TOLD } from "../risk/risk_data";
import { ByRegion, Convergence, Measures, Whole, Worst } from "../risk/tables";
import { label } from "../risk/words";
import { go } from "../state";
import { t } from "../texts";

export default function Risk() {
  useEffect(() => {
    if (!shown.value) void load();
  }, []);
  const found = shown.value;
  return (
    <div class="risk">
      <h2 class="heard">{t("tab.risk")}</h2>
      {failed.value && (
        <div class="notice bad" role="alert">
          <Faults of={failed.value} />
        </div>
      )}
      {!found && !failed.value && <p class="quiet">{t("state.loading")}</p>}
      {found && found.risks.length > 1 && (
        <label class="field which">
          {t("risk.which")}
          <select value={found.name ?? ""} onChange={(event) => void load(event.currentTarget.value)}>
            {found.risks.map((one) => (
              <option key={one.name} value={one.name}>
                {called(one)}
              </option>
            ))}
          </select>
        </label>
      )}
      {found && !found.risk && (
        <div class="card">
          <p>{t("risk.none")}</p>
        </div>
      )}
      {found?.risk && found.name && <Shown risk={found.risk} name={found.name} />}
      {found && <MakeRisk of={found} />}
    </div>
  );
}

function Shown({ risk, name }: { risk: Walked; name: string }) {
  const trouble = useSignal<Trouble | null>(null);
  const look = async (sample: number) => {
    const root = board.value?.root;
    if (!root) return;
    trouble.value = await change({ kind: "winter", risk: name, sample }, root);
    if (!trouble.value) go({ tab: "now" }, true);
  };
  return (
    <>
      <section class="card">
        <h2>{t("risk.title")}</h2>
        <p>
          {t(risk.exact ? "risk.exactly" : "risk.walked", {
            count: risk.samples,
            number: whole(risk.samples),
            hours: hours(risk.hours),
            from: date(`${risk.start}Z`),
          })}
        </p>
        <p class="small quiet">{drawn(risk.drawn, risk.seed)}</p>
        {risk.unsolved > 0 && <p class="notice">{t("risk.unsolved", { count: risk.unsolved })}</p>}
        <Whole risk={risk} />
        {risk.audit && (
          <p class="small quiet">
            {t("risk.audit", { count: risk.audit.steps_checked, gap: risk.audit.max_relative_gap.toExponential(0) })}
          </p>
        )}
      </section>
      <Curves risk={risk} name={name} />
      <ByRegion risk={risk} />
      <Measures risk={risk} />
      <Worst risk={risk} look={board.value?.read_only ? null : (sample) => void look(sample)} />
      {trouble.value && (
        <div class="notice bad" role="alert">
          <Faults of={trouble.value} />
        </div>
      )}
      <Convergence risk={risk} />
    </>
  );
}

/** How a person tells a risk from others: winters, what varies, when it was walked. */
function called(one: Known): string {
  const parts = [
    one.exact ? t("risk.called_exact") : t("risk.called", { count: one.samples ?? 0, number: whole(one.samples) }),
    drawn(one.drawn, one.exact ? undefined : one.drawn.seed),
    one.name.startsWith("given-") ? t("risk.given") : moment(one.walked),
  ];
  return parts.filter(Boolean).join(" · ");
}

/** What varies from winter to winter, in a sentence. */
function drawn(said: Walked["drawn"], seed: unknown): string {
  const parts = (["hazard", "random_failures", "parameters", "repair_times", "plan"] as const)
    .filter((key) => said[key])
    .map((key) => t(`risk.drawn_${key}`));
  if (said.weather && said.weather !== "case") parts.push(t("risk.drawn_weather"));
  return [parts.join(", "), typeof seed === "number" ? t("risk.of_seed", { seed }) : ""].filter(Boolean).join("; ");
}

/** Curves of the whole case, or of one region. */
function Curves({ risk, name }: { risk: Walked; name: string }) {
  const region = useSignal<string | null>(null);
  const own = useSignal<Record<string, Point[]> | null>(null);
  useEffect(() => {
    own.value = null;
    const wanted = region.value;
    if (wanted === null) return;
    curvesOf(name, wanted).then(
      (found) => {
        if (region.value === wanted) own.value = found.exceedance;
      },
      () => {
        region.value = null;
      },
    );
  }, [region.value, name]);
  const curves = region.value === null ? (risk.exceedance ?? {}) : (own.value ?? {});
  const names = TOLD.filter((one) => curves[one]);
  if (Object.keys(risk.exceedance ?? {}).length === 0) return null;
  const estimates = region.value === null ? risk.estimates : (risk.by_region[region.value] ?? {});
  return (
    <section class="card">
      <div class="head">
        <h2>{t("risk.curves")}</h2>
        {risk.regions.length > 1 && (
          <label class="field">
            {t("risk.where")}
            <select
              value={region.value ?? ""}
              onChange={(event) => (region.value = event.currentTarget.value === "" ? null : event.currentTarget.value)}
            >
              <option value="">{t("risk.everywhere")}</option>
              {risk.regions.map((one) => (
                <option key={one} value={one}>
                  {regionName(one)}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <p class="small quiet">{t("risk.curves_help")}</p>
      {names.length === 0 && <p>{t("risk.nothing_here")}</p>}
      <div class="curves">
        {names.map((quantity) => (
          <Curve
            key={quantity}
            quantity={quantity}
            points={curves[quantity] ?? []}
            of={region.value === null ? t("risk.everywhere") : regionName(region.value)}
            marks={["q50", "q90", "q95", "q99", "cvar95"].map((kind) => [kind, estimates[`${kind}_${quantity}`]])}
          />
        ))}
      </div>
      <p class="heard">
        <Words of={names.map(label).join(", ")} />
      </p>
    </section>
  );
}
