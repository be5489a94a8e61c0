// Claims in plain words of the page's language; names and quotes stay as they were written.
import { plain, whole } from "../format";
import { has, t } from "../texts";
import type { Claim, Tick } from "./ledger";

export const known = (kind: string, name: string): string => {
  const key = [`says.${kind}.${name}`, `vocabulary.${kind}_${name}`].find(has);
  return key ? t(key) : name.replaceAll("_", " ");
};

/** "customers without power" is made of its parts: who, and what they lack or have again. */
function named(of: string): string {
  const parts = /^([a-z]+)_((?:without|restored)_[a-z_]+)$/.exec(of);
  return parts?.[1] && parts[2] && has(`vocabulary.who_${parts[1]}`)
    ? `${t(`vocabulary.who_${parts[1]}`)} ${known("state", parts[2])}`
    : known("metric", of);
}

export const metric = (claim: Pick<Claim, "metric"> & { facility_type?: string }): string => {
  const what = named(claim.metric);
  return claim.facility_type ? `${what} (${known("facility", claim.facility_type)})` : what;
};

export const modality = (claim: Claim): string => known("modality", claim.modality);
export const phase = (claim: Claim): string => (claim.phase ? known("phase", claim.phase) : claim.time);

/** "about 40,000", "0.5 to 3 queues", "some" */
export function value(claim: Claim): string {
  if (claim.value === null) return claim.qualifier === "vague" ? t("vocabulary.some") : "";
  const number = (of: number) => (Number.isInteger(of) ? whole(of) : plain(of));
  const many = claim.value_max === null ? number(claim.value) : t("vocabulary.range", { low: number(claim.value), high: number(claim.value_max) });
  const unit = ["percent", "MW", "hours", "days", "queues", "hours_per_day"].includes(claim.unit) ? ` ${known("unit", claim.unit)}` : "";
  const sign = has(`vocabulary.qualifier_${claim.qualifier}`) ? `${t(`vocabulary.qualifier_${claim.qualifier}`)} ` : "";
  return `${sign}${many}${unit}`;
}

export const source = (claim: Claim): string => (claim.source === "unattributed" ? t("vocabulary.unattributed") : claim.source);

export const decision = (tick: Tick | null): string =>
  tick === null ? t("reports.undecided") : t(`reports.is_${tick.decision}`);
