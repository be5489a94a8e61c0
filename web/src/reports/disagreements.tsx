// Where claims differ, side by side: every speaker in the same words and the same place on the page.
import { Words } from "../parts/words";
import { Table } from "../parts/table";
import { t } from "../texts";
import { Sentence } from "./claim";
import { Dots } from "./dots";
import { type Kept, claimOf, ledger, look } from "./ledger";
import { decision, metric, phase, source, value } from "./words";

const SHOWN = 30;

export function Disagreements() {
  const pairs = ledger.value?.pairs ?? [];
  if (pairs.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("reports.differ")}</h2>
      <p class="small quiet">{t("reports.differ_help")}</p>
      <ol class="pairs">
        {pairs.slice(0, SHOWN).map((pair) => {
          const [a, b] = [claimOf.value.get(pair.a), claimOf.value.get(pair.b)];
          if (!a || !b) return null;
          return (
            <li key={`${pair.a} ${pair.b}`}>
              <h3>
                {t(`reports.kind_${pair.kind}`)} <span class="quiet">{metric(a.claim)}</span>
              </h3>
              <p class="small quiet">{t(`reports.means_${pair.kind}`)}</p>
              <div class="sides-by">
                <Side one={a} />
                <Side one={b} />
              </div>
            </li>
          );
        })}
      </ol>
      {pairs.length > SHOWN && <p class="quiet">{t("reports.more_pairs", { count: pairs.length - SHOWN })}</p>}
    </section>
  );
}

function Side({ one }: { one: Kept }) {
  return (
    <div class="side-claim">
      <p>
        <b>{value(one.claim) || metric(one.claim)}</b>
        <br />
        <Words of={source(one.claim)} />
        {one.claim.location && (
          <>
            {", "}
            <Words of={one.claim.location} />
          </>
        )}
      </p>
      <Sentence of={one} />
      <p class="small quiet">
        {[one.published, decision(one.tick)].filter(Boolean).join(" · ")}{" "}
        <button type="button" class="link" aria-label={t("reports.look_at", { claim: one.name })} onClick={() => void look(one.name).then(show)}>
          <Words of={one.name} />
        </button>
      </p>
    </div>
  );
}

function show(): void {
  document.querySelector(".one-claim")?.scrollIntoView({ block: "nearest" });
}

/** Figures of one metric and place below each other, as they were published. */
export function ByMetric() {
  const series = ledger.value?.series ?? [];
  if (series.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("reports.by_metric")}</h2>
      {series.map((one) => (
        <div key={`${one.metric} ${one.unit} ${one.location}`}>
          <Table
            caption={[metric(one), one.location].filter(Boolean).join(", ")}
            columns={["published", "value", "source", "stage", "decided_head"].map((head) => ({ head: t(`reports.${head}`) }))}
            rows={one.claims.flatMap((name) => {
              const kept = claimOf.value.get(name);
              if (!kept) return [];
              return [
                [
                  kept.published || "–",
                  <button type="button" class="link" aria-label={`${value(kept.claim)}: ${t("reports.look_at", { claim: name })}`} onClick={() => void look(name).then(show)}>
                    {value(kept.claim)}
                  </button>,
                  <Words of={source(kept.claim)} />,
                  phase(kept.claim),
                  decision(kept.tick),
                ],
              ];
            })}
          />
          <Dots of={one.claims.flatMap((name) => claimOf.value.get(name) ?? [])} />
        </div>
      ))}
    </section>
  );
}
