// The hour shown: a slider that plays, over a strip of who is without.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { instant, run, step, steps, without } from "../data";
import { day, midnightsShown, moment, zone } from "../format";
import { go } from "../state";
import { t } from "../texts";

const calm = matchMedia("(prefers-reduced-motion: reduce)");

export function Time() {
  const playing = useSignal(false);
  const now = run.value;
  const last = now ? steps(now) - 1 : 0;
  useEffect(() => {
    if (!playing.value || !now) return;
    // who asked for less motion sees one step after the other, slowly
    const timer = setInterval(
      () => {
        if (step.value >= last) playing.value = false;
        else go({ step: step.value + 1 });
      },
      calm.matches ? 1000 : 120,
    );
    return () => clearInterval(timer);
  }, [playing.value, now, last]);
  if (!now) return null;
  const play = () => {
    if (!playing.value && step.value >= last) go({ step: 0 });
    playing.value = !playing.value;
  };
  return (
    <section class="card time" aria-label={t("time.title")}>
      <button type="button" class="play" onClick={play} aria-pressed={playing.value}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d={playing.value ? "M3 2h4v12H3zM9 2h4v12H9z" : "M3 1.5 14 8 3 14.5z"} />
        </svg>
        <span class="heard">{t(playing.value ? "time.pause" : "time.play")}</span>
      </button>
      <div class="track">
        <Strip />
        <input
          type="range"
          min={0}
          max={last}
          step={1}
          value={step.value}
          aria-label={t("time.slider")}
          aria-valuetext={moment(instant(now, step.value))}
          onInput={(event) => {
            playing.value = false;
            go({ step: Number(event.currentTarget.value) });
          }}
        />
        <Days />
      </div>
      <div class="at">
        <strong>{moment(instant(now, step.value))}</strong>
        <span class="quiet small">{t("time.hour", { hour: Math.round(step.value * now.step_hours), hours: Math.round(now.hours) })}</span>
      </div>
    </section>
  );
}

/** Who is without heat and power over the whole run, as a small picture under the slider. */
function Strip() {
  const now = run.value;
  if (!now) return null;
  const count = steps(now);
  const line = (name: string) => without(now, name);
  const most = Math.max(1, ...line("heat"), ...line("power"));
  const points = (name: string) =>
    line(name).map((n, k) => `${((k / Math.max(1, count - 1)) * 1000).toFixed(1)} ${(39 - 37 * (n / most)).toFixed(1)}`);
  const at = (step.value / Math.max(1, count - 1)) * 1000;
  return (
    <svg class="strip" viewBox="0 0 1000 40" preserveAspectRatio="none" aria-hidden="true">
      <path class="area heat" d={`M0 39L${points("heat").join("L")}L1000 39Z`} />
      <path class="line power" d={`M${points("power").join("L")}`} />
      <path class="now" d={`M${at} 0V40`} />
    </svg>
  );
}

function Days() {
  const now = run.value;
  if (!now) return null;
  const [from, to] = [instant(now, 0), instant(now, steps(now) - 1)];
  return (
    <div class="days" aria-hidden="true">
      {midnightsShown(from, to, zone.value, 10).map((at) => (
        <span key={at} style={{ left: `${((at - from) / Math.max(1, to - from)) * 100}%` }}>
          {day(at)}
        </span>
      ))}
    </div>
  );
}
