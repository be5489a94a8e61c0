// What the page says when it cannot show what was asked for, or not yet.
import { useEffect, useState } from "preact/hooks";
import type { Trouble } from "../api";
import { board, offline, trouble, walked, working } from "../data";
import { percent } from "../format";
import { go } from "../state";
import { has, retold, t } from "../texts";
import { clocks } from "./words";

/** The server does not answer: the page goes on asking. */
export function Offline() {
  if (!offline.value) return null;
  return (
    <div class="notice bad" role="alert">
      <strong>{t("state.offline")}</strong> {t("state.offline_help")}
    </div>
  );
}

export function ReadOnly() {
  if (!board.value?.read_only) return null;
  return (
    <div class="notice">
      <strong>{t("state.read_only")}</strong> {t("state.read_only_help")}
    </div>
  );
}

/** Faults in the server's words: where, what was found, what would be right. */
export function Faults({ of }: { of: Trouble }) {
  if (of.offline) return <p>{t("state.offline")}</p>;
  return (
    <>
      {of.faults.length === 0 && <p>{clocks(retold(of.message))}</p>}
      {of.faults.length > 0 && (
        <ul>
          {of.faults.map((fault) => (
            <li key={`${fault.where} ${fault.found}`}>
              {[has(`says.where.${fault.where}`) ? t(`says.where.${fault.where}`) : fault.where, fault.found, fault.expected, fault.suggestion].filter(Boolean).map((text) => clocks(retold(text ?? ""))).join(" · ")}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Of a link to a scenario that is not of this case, or no longer: asking again does not help. */
const GONE = [404, 410];

export function Troubled() {
  const found = trouble.value;
  if (!found || found.what.offline) return null;
  return (
    <div class="notice bad" role="alert">
      <strong>{t("state.failed")}</strong>
      <Faults of={found.what} />
      {GONE.includes(found.what.status) ? (
        <button type="button" onClick={() => go({ scenario: null }, true)}>
          {t("state.as_given")}
        </button>
      ) : (
        <button type="button" onClick={found.again}>
          {t("state.again")}
        </button>
      )}
    </div>
  );
}

/** Shown after a moment, so that what is quick does not flicker. */
export function Working() {
  const now = working.value;
  const [seconds, tick] = useState(0);
  useEffect(() => {
    if (!now) return;
    const timer = setInterval(() => tick((Date.now() - now.since) / 1000), 250);
    return () => {
      clearInterval(timer);
      tick(0);
    };
  }, [now]);
  if (!now || seconds < 0.25) return null;
  const far = walked.value;
  const share = far && far.done > 0 ? far.done / far.total : undefined;
  return (
    <div class="notice working" role="status">
      <progress aria-label={t("state.computing")} value={share} />
      <span>
        {t("state.computing")} {share !== undefined && percent(share)}{" "}
        {seconds >= 2 && t("state.seconds", { count: Math.floor(seconds) })}
        {seconds >= 5 && share === undefined && <small> {t("state.first_time")}</small>}
      </span>
      {seconds >= 2 && (
        <button type="button" onClick={now.stop}>
          {t("state.cancel")}
        </button>
      )}
    </div>
  );
}
