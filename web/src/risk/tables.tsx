// Estimates as tables: the whole, by region, measures, how they settled, the worst winters.
import { useSignal } from "@preact/signals";
import { percent, plain, whole } from "../format";
import { Table } from "../parts/table";
import { Words } from "../parts/words";
import { t } from "../texts";
import { regionName } from "../now/map";
import type { Estimate, Risk } from "./risk_data";
import { TOLD } from "./risk_data";
import { label, number, part } from "./words";

/** A value with its standard error; the exact ones are there for machines. */
export function Est({ of }: { of: Estimate | null | undefined }) {
  if (!of) return <>–</>;
  const { value, error } = number(of);
  // a number without its error says little; what was worked out exactly (of no samples) has none
  const known = of.stderr !== null || of.n === 0;
  return (
    <data value={String(of.value)} title={known ? undefined : t("risk.no_error")}>
      {known ? value : "–"}
      {error && <span class="quiet"> ± {error}</span>}
    </data>
  );
}

export function Whole({ risk }: { risk: Risk }) {
  const all = useSignal(false);
  const found = risk.estimates;
  const names = Object.keys(found).filter((name) => part(name)[0] === "mean" && (found[name]?.value || name === "eue_mwh"));
  return (
    <>
      <Table
        caption={t("risk.whole")}
        columns={["quantity", "mean", "cvar95", "any", "n"].map((head, k) => ({ head: t(`risk.${head}`), number: k > 0 }))}
        rows={names.map((name) => [
          label(name),
          <Est of={found[name]} />,
          <Est of={found[`cvar95_${name}`]} />,
          <Est of={found[`any_${name}`]} />,
          whole(found[name]?.n),
        ])}
      />
      {names.some((name) => found[`cvar95_${name}`]?.stderr === null) && <p class="small quiet">– {t("risk.no_error")}</p>}
      <button type="button" class="link" aria-expanded={all.value} onClick={() => (all.value = !all.value)}>
        {t("risk.all")}
      </button>
      {all.value && (
        <Table
          caption={t("risk.all")}
          columns={["quantity", "of_which", "value", "stderr", "n", "unit"].map((head, k) => ({ head: t(`risk.${head}`), number: k > 1 && k < 5 }))}
          rows={Object.entries(found).map(([name, one]) => {
            const [kind, quantity] = part(name);
            return [label(quantity), t(`risk.${kind}`), plain(one.value), one.stderr === null ? "–" : plain(one.stderr), whole(one.n), one.unit];
          })}
        />
      )}
    </>
  );
}

export function ByRegion({ risk }: { risk: Risk }) {
  const regions = Object.entries(risk.by_region);
  const names = TOLD.filter((name) => regions.some(([, one]) => one[name]?.value));
  if (regions.length < 2 || names.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("risk.by_region")}</h2>
      <Table
        caption={t("risk.by_region_means")}
        columns={[{ head: t("regions.region") }, ...names.map((name) => ({ head: label(name), number: true }))]}
        rows={regions.map(([region, one]) => [<Words of={regionName(region)} />, ...names.map((name) => <Est of={one[name]} />)])}
      />
    </section>
  );
}

export function Measures({ risk }: { risk: Risk }) {
  const found = risk.measures;
  const names = TOLD.flatMap((name) => [name, `cvar95_${name}`]).filter((name) =>
    found?.portfolios.some((one) => one.reductions[name]?.before.value),
  );
  const chosen = useSignal<string | null>(null);
  if (!found || names.length === 0) return null;
  const name = chosen.value !== null && names.includes(chosen.value) ? chosen.value : (names[0] ?? "");
  const before = found.portfolios.find((one) => one.reductions[name])?.reductions[name]?.before;
  return (
    <section class="card portfolios">
      <h2>{t("risk.measures")}</h2>
      <p class="small quiet">{t("risk.paired")}</p>
      <label class="field">
        {t("risk.quantity")}
        <select value={name} onChange={(event) => (chosen.value = event.currentTarget.value)}>
          {names.map((one) => (
            <option key={one} value={one}>
              {inFull(one)}
            </option>
          ))}
        </select>
      </label>
      <p>
        {t("risk.before")} <Est of={before} />
      </p>
      <Table
        caption={t("risk.take_off", { what: inFull(name) })}
        columns={[
          { head: t("risk.measure") },
          { head: t("risk.less_by"), number: true },
          { head: t("risk.share"), number: true },
          { head: t("risk.cost", { currency: found.currency ?? "" }), number: true },
          { head: t("risk.per_cost"), number: true },
        ]}
        rows={found.portfolios.flatMap((one) => {
          const off = one.reductions[name];
          if (!off) return [];
          return [
            [
              <span title={one.measures.join("; ")}>
                <Words of={one.name} />
              </span>,
              <Est of={off.reduced} />,
              <Est of={off.share} />,
              one.cost === null || one.cost === undefined ? "–" : plain(one.cost),
              <Est of={off.per_cost} />,
            ],
          ];
        })}
      />
      {found.portfolios.map((one) => {
        const sum = one.together?.[name];
        if (!sum) return null;
        return (
          <p class="small" key={one.name}>
            <Words of={one.name} />: {t("risk.together")} <Est of={sum.together} />; {t("risk.added_up")} <Est of={sum.added_up} />;{" "}
            {t("risk.beyond")} <Est of={sum.beyond} />
          </p>
        );
      })}
      {(found.notes ?? []).map((note) => (
        <p class="small quiet" key={note}>
          <Words of={note} />
        </p>
      ))}
    </section>
  );
}

const inFull = (name: string): string => {
  const [kind, quantity] = part(name);
  return kind === "mean" ? label(quantity) : `${label(quantity)}, ${t(`risk.${kind}`)}`;
};

export function Convergence({ risk }: { risk: Risk }) {
  const name = TOLD.find((one) => risk.convergence?.[one]);
  const rows = name === undefined ? [] : (risk.convergence?.[name] ?? []);
  if (name === undefined || rows.length < 2) return null;
  return (
    <section class="card">
      <h2>{t("risk.convergence")}</h2>
      <Table
        caption={t("risk.settled", { what: label(name) })}
        columns={["n", "mean", "error_share"].map((head) => ({ head: t(`risk.${head}`), number: true }))}
        rows={rows.map((one) => [whole(one.n), <Est of={one} />, one.stderr && one.value ? percent(one.stderr / one.value) : "–"])}
      />
    </section>
  );
}

export function Worst({ risk, look }: { risk: Risk; look: ((sample: number) => void) | null }) {
  const names = TOLD.filter((name) => risk.worst?.[name]?.some((one) => one.value > 0));
  if (names.length === 0) return null;
  return (
    <section class="card">
      <h2>{t("risk.worst")}</h2>
      <p class="small quiet">{risk.differs ? t("risk.differs", { files: risk.differs }) : t("risk.worst_help")}</p>
      {names.map((name) => (
        <Table
          key={name}
          caption={t("risk.worst_by", { what: label(name) })}
          columns={[{ head: t("risk.winter") }, { head: label(name), number: true }, { head: t("risk.on_map") }]}
          rows={(risk.worst?.[name] ?? []).filter((one) => one.value > 0).map((one) => [
            t("risk.number", { number: one.sample }),
            <data value={String(one.value)}>{plain(one.value)}</data>,
            look && !risk.differs ? (
              <button type="button" aria-label={t("risk.look_at", { number: one.sample })} onClick={() => look(one.sample)}>
                {t("risk.look")}
              </button>
            ) : (
              ""
            ),
          ])}
        />
      ))}
    </section>
  );
}
