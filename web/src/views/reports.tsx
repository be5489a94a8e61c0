// Reports and what they claim: texts with their words marked, disagreements, decisions, and what follows from them.
import { useEffect } from "preact/hooks";
import { Faults } from "../parts/notices";
import { Words } from "../parts/words";
import { OneClaim } from "../reports/claim";
import { ByMetric, Disagreements } from "../reports/disagreements";
import { Claims, Document } from "../reports/document";
import { HandIn } from "../reports/hand_in";
import { chosen, claimOf, failed, ledger, load, open, opened } from "../reports/ledger";
import "../reports/reports.css";
import { RunIt } from "../reports/run_it";
import { t } from "../texts";

export default function Reports() {
  useEffect(() => {
    void load().then(() => {
      const last = ledger.value?.documents.at(-1);
      if (last && !opened.value) void open(last.name);
    });
  }, []);
  const found = ledger.value;
  const claim = chosen.value === null ? undefined : claimOf.value.get(chosen.value);
  return (
    <div class="reports">
      <h2 class="heard">{t("tab.reports")}</h2>
      {failed.value && (
        <div class="notice bad" role="alert">
          <Faults of={failed.value} />
        </div>
      )}
      {!found && !failed.value && <p class="quiet">{t("state.loading")}</p>}
      {found && found.documents.length > 0 && <RunIt />}
      {found && found.documents.length > 0 && (
        <div class="columns">
          <Documents />
          {opened.value && <Document of={opened.value} />}
          <div class="beside">
            {claim && <OneClaim one={claim} />}
            {opened.value && (
              <section class="card">
                <h2>{t("reports.claims")}</h2>
                {!claim && <p class="small quiet">{t("reports.choose")}</p>}
                <Claims of={opened.value} />
              </section>
            )}
          </div>
        </div>
      )}
      {found && <HandIn unfolded={found.documents.length === 0} />}
      <Disagreements />
      <ByMetric />
    </div>
  );
}

function Documents() {
  const found = ledger.value;
  if (!found) return null;
  return (
    <nav class="card documents" aria-label={t("reports.documents")}>
      <h2>{t("reports.documents")}</h2>
      <ul>
        {found.documents.map((one) => (
          <li key={one.name}>
            <button
              type="button"
              class="claim"
              aria-pressed={opened.value?.name === one.name}
              onClick={() => {
                chosen.value = null;
                void open(one.name);
              }}
            >
              <span>
                <Words of={one.title || one.name} />
                <small class="quiet">
                  {" "}
                  {[one.published, t("reports.claims_count", { count: one.claims })].filter(Boolean).join(" · ")}
                </small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
