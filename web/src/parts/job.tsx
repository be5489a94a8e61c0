// Long work: started, followed while it goes, stopped; what comes of it is handed on.
import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { follow, get, type JobEvent, path, post, remove, Trouble } from "../api";
import { duration, percent } from "../format";
import { announce } from "../state";
import { has, t } from "../texts";
import { Faults } from "./notices";

export interface Work<T> {
  job: Signal<string | null>;
  event: Signal<JobEvent<T> | null>;
  failed: Signal<Trouble | null>;
  start: (asked: Record<string, unknown>) => Promise<void>;
}

/** Work of one kind; one that is under way when the view opens is followed again. */
export function useWork<T>(kind: string, done: (event: JobEvent<T>) => void): Work<T> {
  const job = useSignal<string | null>(null);
  const event = useSignal<JobEvent<T> | null>(null);
  const failed = useSignal<Trouble | null>(null);
  const stop = useRef<(() => void) | undefined>(undefined);
  const latest = useRef(done);
  latest.current = done;

  const listen = (name: string) => {
    job.value = name;
    stop.current?.();
    stop.current = follow<T>(name, (heard) => {
      event.value = heard;
      if (heard.failed !== undefined) {
        failed.value = heard.failed === "stopped" ? null : new Trouble(heard.failed, 422, heard.faults ?? []);
        job.value = null;
        announce(t(heard.failed === "stopped" ? "job.stopped" : "state.failed"));
      } else if (heard.finished) {
        job.value = null;
        announce(t("job.done"));
        latest.current(heard);
      }
    });
  };
  useEffect(() => {
    let here = true;
    get<{ jobs: ({ job: string; kind: string } & JobEvent)[] }>("/api/jobs").then(
      ({ jobs }) => {
        const under = jobs.find((one) => one.kind === kind && !one.finished && one.failed === undefined);
        if (here && under && !job.value) listen(under.job);
      },
      () => undefined, // work can be started all the same
    );
    return () => {
      here = false;
      stop.current?.();
    };
  }, []);
  const start = async (asked: Record<string, unknown>) => {
    failed.value = null;
    event.value = null;
    try {
      listen((await post<{ job: string }>("/api/jobs", { kind, ...asked })).job);
    } catch (caught) {
      failed.value = caught instanceof Trouble ? caught : new Trouble(String(caught), 500);
    }
  };
  return { job, event, failed, start };
}

/** How far it is, how long it still takes, and a way to stop it. */
export function Progress<T>({ work, stop }: { work: Work<T>; stop: string }) {
  const now = work.event.value;
  const share = now?.total ? (now.done ?? 0) / now.total : undefined;
  const stage = now?.message && has(`job.${now.message.replaceAll(/\W+/g, "_")}`);
  return (
    <>
      {work.job.value && (
        <div class="notice working job" role="group" aria-label={t("job.title")}>
          <progress aria-label={t("job.title")} value={share} max={share === undefined ? undefined : 1} />
          <span>
            {stage && now?.message ? t(`job.${now.message.replaceAll(/\W+/g, "_")}`) : t("job.title")}
            {share !== undefined && `, ${percent(share)}`}
            {typeof now?.left_seconds === "number" && `, ${t("job.left", { time: duration(now.left_seconds) })}`}
          </span>
          <button type="button" onClick={() => void remove(path("api", "jobs", work.job.value ?? ""))}>
            {stop}
          </button>
        </div>
      )}
      {work.failed.value && (
        <div class="notice bad" role="alert">
          <Faults of={work.failed.value} />
        </div>
      )}
    </>
  );
}
