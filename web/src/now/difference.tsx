// Before and after, in a strip that stays: what a change is worth.
import type { Run } from "../contract";
import { other, run, scenario } from "../data";
import { compact, signedCompact, whole } from "../format";
import { Num } from "../parts/table";
import { against, difference, go } from "../state";
import { t } from "../texts";

interface Sum {
  name: string;
  of: (run: Run) => number | undefined;
  say: (value: number) => string;
}

/** What is compared: all of it the run's own answers. */
export const SUMS: Sum[] = [
  { name: "hours_heat", of: (one) => one.answers.people_hours_without.heat, say: compact },
  { name: "hours_power", of: (one) => one.answers.people_hours_without.power, say: compact },
  { name: "below_12", of: (one) => one.answers.people_hours_below_degc?.["12"], say: compact },
  { name: "peak_heat", of: (one) => one.answers.peak_people_without.heat, say: compact },
  { name: "drained", of: (one) => one.answers.buildings?.drained, say: whole },
  { name: "frozen", of: (one) => one.answers.buildings?.frozen, say: whole },
];

export function Difference() {
  const now = run.value;
  const then = other.value;
  if (!now || !then || !scenario.value?.parent) return null;
  return (
    <section class="difference" aria-label={t("difference.title")}>
      <div class="with">
        <label>
          {t("difference.against")}
          <select
            value={against.value}
            onChange={(event) => go({ against: event.currentTarget.value === "before" ? "before" : "base" })}
          >
            <option value="base">{t("difference.base")}</option>
            <option value="before">{t("difference.before")}</option>
          </select>
        </label>
        <label class="onmap">
          <input
            type="checkbox"
            checked={difference.value}
            onChange={(event) => go({ difference: event.currentTarget.checked })}
          />
          {t("map.difference")}
        </label>
      </div>
      <dl>
        {SUMS.map((sum) => (
          <One key={sum.name} sum={sum} now={sum.of(now)} then={sum.of(then)} />
        ))}
      </dl>
    </section>
  );
}

function One({ sum, now, then }: { sum: Sum; now: number | undefined; then: number | undefined }) {
  if (now === undefined || then === undefined) return null;
  const change = now - then;
  const same = Math.abs(change) < Math.max(0.5, 1e-6 * Math.abs(then));
  return (
    <div class={same ? "" : change < 0 ? "better" : "worse"} data-sum={sum.name}>
      <dt>{t(`difference.${sum.name}`)}</dt>
      <dd>
        <span class="then">
          <Num value={then} as={sum.say} /> →{" "}
        </span>
        <b>
          <Num value={now} as={sum.say} />
        </b>{" "}
        <span class="change">{same ? t("map.same") : `${change < 0 ? "▼" : "▲"} ${signedCompact(change)}`}</span>
      </dd>
    </div>
  );
}

/** One sentence of it for who listens. */
export function heardDifference(now: Run, then: Run): string {
  const parts = SUMS.flatMap((sum) => {
    const [a, b] = [sum.of(now), sum.of(then)];
    return a === undefined || b === undefined || Math.abs(a - b) < 0.5
      ? []
      : [`${t(`difference.${sum.name}`)}: ${sum.say(b)} → ${sum.say(a)}`];
  });
  return parts.length ? parts.join("; ") : t("difference.none");
}
