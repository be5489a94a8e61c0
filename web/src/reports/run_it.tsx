// What the accepted claims come to: the damage they mean, what could not be mapped and why; then the map.
import { useSignal } from "@preact/signals";
import { Trouble } from "../api";
import { board, change } from "../data";
import { moment, percent } from "../format";
import { Faults } from "../parts/notices";
import { Table } from "../parts/table";
import { Retold, Words } from "../parts/words";
import { go } from "../state";
import { t } from "../texts";
import { accepted, type Claimed, claimed } from "./ledger";

export function RunIt() {
  const found = useSignal<Claimed | null>(null);
  const failed = useSignal<Trouble | null>(null);
  const count = accepted.value.length;
  const weigh = async () => {
    failed.value = null;
    try {
      found.value = await claimed();
    } catch (caught) {
      failed.value = caught instanceof Trouble ? caught : new Trouble(String(caught), 500);
    }
  };
  const show = async () => {
    if (!found.value) return;
    failed.value = await change({ kind: "claims", ledger_mark: found.value.mark });
    if (!failed.value) go({ tab: "now" }, true);
  };
  if (board.value?.read_only) return null;
  return (
    <section class="card run-it" aria-label={t("reports.run")}>
      <div class="head">
        <p>{t("reports.accepted_count", { count })}</p>
        <button type="button" class="main" disabled={count === 0} onClick={() => void weigh()}>
          {t("reports.run")}
        </button>
      </div>
      {failed.value && (
        <div class="notice bad" role="alert">
          <Faults of={failed.value} />
        </div>
      )}
      {found.value && <Meaning of={found.value} show={() => void show()} />}
    </section>
  );
}

function Meaning({ of, show }: { of: Claimed; show: () => void }) {
  return (
    <div class="meaning" role="status">
      {of.damage.length > 0 ? (
        <Table
          caption={t("reports.damage")}
          columns={["asset", "out_from", "until", "left", "by"].map((head) => ({ head: t(`reports.${head}`) }))}
          rows={of.damage.map((row) => [
            <Words of={row.asset} />,
            moment(row.time),
            row.until ? moment(row.until) : t("reports.open_end"),
            percent(row.available),
            <Words of={row.source} />,
          ])}
        />
      ) : (
        <p>{t("reports.no_damage")}</p>
      )}
      {of.unmapped.length > 0 && (
        <>
          <h3>{t("reports.unmapped")}</h3>
          <ul class="small">
            {of.unmapped.map((one) => (
              <li key={one.claim}>
                <Words of={one.claim} />: <Retold of={one.reason} />
              </li>
            ))}
          </ul>
        </>
      )}
      {of.access.length > 0 && (
        <>
          <h3>{t("reports.closed")}</h3>
          <ul class="small">
            {of.access.map((one) => (
              <li key={one.claim}>
                <Words of={one.place} />: <Words of={one.source} /> (<Words of={one.claim} />)
              </li>
            ))}
          </ul>
        </>
      )}
      {of.notes.length > 0 && (
        <ul class="small">
          {of.notes.map((note) => (
            <li key={note}>
              <Retold of={note} />
            </li>
          ))}
        </ul>
      )}
      <button type="button" class="main" onClick={show}>
        {t("reports.on_map")}
      </button>
    </div>
  );
}
