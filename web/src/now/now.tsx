// The situation at one hour, and what a change would bring.
import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { board, other, redo, run, scenario, undo, undone } from "../data";
import { SIDES } from "../route";
import { announce, go, place, side } from "../state";
import { t } from "../texts";
import { Assets } from "./assets";
import { Changes } from "./changes";
import { Charts } from "./charts";
import { heardDifference } from "./difference";
import { MapCard } from "./map";
import { Place } from "./place";
import { Regions } from "./regions";
import { Situation } from "./situation";
import { Time } from "./time";

export function Now() {
  useEffect(hear, []);
  return (
    <>
      <Situation />
      <Time />
      <div class={`two ${other.value ? "changed" : ""}`}>
        <MapCard />
        <section class="card side" aria-label={t("side.title")}>
          <Sides />
          <div class="panel">
            {side.value === "charts" && <Charts />}
            {side.value === "place" && <Place />}
            {side.value === "assets" && <Assets />}
            {side.value === "changes" && <Changes />}
          </div>
        </section>
      </div>
      <Regions />
    </>
  );
}

/** Say what came of a change as soon as both runs are there. */
function hear() {
  let said = "";
  return effect(() => {
    const [now, then, shown] = [run.value, other.value, scenario.value];
    if (!now || !then || shown?.id !== now.id || said === now.id + then.id) return;
    said = now.id + then.id;
    announce(heardDifference(now, then));
  });
}

function Sides() {
  const there = SIDES.filter((one) => one !== "place" || place.value !== null || side.value === "place");
  return (
    <div class="sides">
      <div class="choice" role="radiogroup" aria-label={t("side.title")}>
        {there.map((one) => (
          <label key={one}>
            <input type="radio" name="side" checked={side.value === one} onChange={() => go({ side: one }, true)} />
            <span>
              {t(`side.${one}`)}
              {one === "changes" && (scenario.value?.edits.length ?? 0) > 0 && (
                <span class="count">{scenario.value?.edits.length}</span>
              )}
            </span>
          </label>
        ))}
      </div>
      {!board.value?.read_only && <History />}
    </div>
  );
}

export function History() {
  return (
    <div class="history">
      <button type="button" onClick={undo} disabled={!scenario.value?.parent} title={`${t("changes.undo")} (Ctrl+Z)`}>
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M7.5 3 3 7.5 7.5 12M3 7.5h8.5a5 5 0 0 1 0 10H8" />
        </svg>
        <span class="heard">{t("changes.undo")}</span>
      </button>
      <button type="button" onClick={redo} disabled={undone.value.length === 0} title={`${t("changes.redo")} (Ctrl+Shift+Z)`}>
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M12.5 3 17 7.5 12.5 12M17 7.5H8.5a5 5 0 0 0 0 10H12" />
        </svg>
        <span class="heard">{t("changes.redo")}</span>
      </button>
    </div>
  );
}
