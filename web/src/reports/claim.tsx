// One claim: what it says, who says so, what was decided about it and by whom; a decision of one's own.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Trouble } from "../api";
import { moment, percent } from "../format";
import { Faults } from "../parts/notices";
import { Words } from "../parts/words";
import { t } from "../texts";
import { board } from "../data";
import { type Kept, type Tick, decide, history, name, overtaken, who } from "./ledger";
import { decision, metric, modality, phase, source, value } from "./words";

export function OneClaim({ one }: { one: Kept }) {
  const { claim } = one;
  const facts: [string, string][] = [
    ["what", metric(claim)],
    ["value", value(claim)],
    ["source", source(claim)],
    ["where", claim.location ?? t("reports.no_place")],
    ["said_as", modality(claim)],
    ["when", phase(claim)],
    ["note", claim.note],
  ];
  return (
    <section class="card one-claim" aria-labelledby="claim-name">
      <h2 id="claim-name">
        {t("reports.claim")} <Words of={one.name} />
      </h2>
      <dl class="facts">
        {facts
          .filter(([, said]) => said !== "")
          .map(([key, said]) => (
            <div key={key}>
              <dt>{t(`reports.${key}`)}</dt>
              <dd>
                <Words of={said} />
              </dd>
            </div>
          ))}
      </dl>
      <Sentence of={one} />
      {claim.source_surface && (
        <p class="small quiet">
          {t("reports.source_words")} <Words of={claim.source_surface} />
          {claim.carry_over && ` (${t("reports.carried")})`}
        </p>
      )}
      <p>
        <b>{t("reports.decided")}</b> <Said tick={one.tick} />
      </p>
      {overtaken.value?.claim === one.name && (
        <div class="notice" role="alert">
          <p>
            {t("reports.overtaken")} <Said tick={overtaken.value.tick} />. {t("reports.look_again")}
          </p>
        </div>
      )}
      {!board.value?.read_only && <Decide key={one.name} one={one} />}
      <History key={`${one.name} ${one.tick?.at}`} of={one} />
    </section>
  );
}

export function Sentence({ of }: { of: Kept }) {
  return (
    <blockquote class="words">
      <bdi>
        <Words of={of.words.before} />
        <mark>
          <Words of={of.words.quote} />
        </mark>
        <Words of={of.words.after} />
      </bdi>
    </blockquote>
  );
}

function Said({ tick }: { tick: Tick | null }) {
  if (tick === null) return <>{decision(null)}</>;
  return (
    <>
      {decision(tick)}
      {tick.confidence !== null && `, ${t("reports.sure", { share: percent(tick.confidence) })}`}
      {", "}
      <Words of={tick.who} />, {moment(tick.at)}
      {tick.note && (
        <>
          {": "}
          <Words of={tick.note} />
        </>
      )}
    </>
  );
}

const SURE = [0.5, 0.7, 0.8, 0.9, 0.95, 1];

function Decide({ one }: { one: Kept }) {
  const sure = useSignal("");
  const note = useSignal("");
  const asked = useSignal(who.value === "");
  const failed = useSignal<Trouble | null>(null);
  const say = async (made: Tick["decision"]) => {
    if (who.value.trim() === "") {
      asked.value = true;
      document.getElementById("who")?.focus();
      return;
    }
    asked.value = false;
    const confidence = made === "accepted" && sure.value !== "" ? Number(sure.value) : null;
    failed.value = await decide(one, { decision: made, confidence, who: who.value, note: note.value });
  };
  return (
    <div class="decide" role="group" aria-label={t("reports.decide")}>
      {asked.value ? (
        <label class="field">
          {t("reports.who")}
          <input id="who" maxLength={200} value={who.value} autocomplete="name" onInput={(event) => name(event.currentTarget.value)} />
        </label>
      ) : (
        <p class="small">
          {t("reports.as")} <Words of={who.value} />{" "}
          <button type="button" class="link" onClick={() => (asked.value = true)}>
            {t("reports.other_name")}
          </button>
        </p>
      )}
      <label class="field">
        {t("reports.confidence")}
        <select value={sure.value} onChange={(event) => (sure.value = event.currentTarget.value)}>
          <option value="">{t("reports.not_said")}</option>
          {SURE.map((share) => (
            <option key={share} value={String(share)}>
              {percent(share)}
            </option>
          ))}
        </select>
      </label>
      <label class="field grow">
        {t("reports.why")}
        <input maxLength={2000} value={note.value} onInput={(event) => (note.value = event.currentTarget.value)} />
      </label>
      <div class="buttons">
        <button type="button" class="main" onClick={() => void say("accepted")}>
          {t("reports.accept")}
        </button>
        <button type="button" onClick={() => void say("rejected")}>
          {t("reports.reject")}
        </button>
        {one.tick && one.tick.decision !== "withdrawn" && (
          <button type="button" onClick={() => void say("withdrawn")}>
            {t("reports.withdraw")}
          </button>
        )}
      </div>
      {failed.value && (
        <div class="notice bad" role="alert">
          <Faults of={failed.value} />
        </div>
      )}
    </div>
  );
}

function History({ of }: { of: Kept }) {
  const ticks = useSignal<Tick[]>([]);
  useEffect(() => {
    if (of.tick === null) return;
    history(of.name).then(
      (found) => (ticks.value = found.ticks),
      () => undefined, // the decision that counts is shown above
    );
  }, [of.name, JSON.stringify(of.tick)]);
  if (ticks.value.length < 2) return null;
  return (
    <details>
      <summary>{t("reports.history", { count: ticks.value.length })}</summary>
      <ol class="small">
        {ticks.value.map((one, k) => (
          <li key={k}>
            <Said tick={one} />
          </li>
        ))}
      </ol>
    </details>
  );
}
