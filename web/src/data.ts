// What the server said: the case, its drawing, scenarios and their runs; and what a person changes.
import { computed, effect, signal, untracked } from "@preact/signals";
import { followWalk, get, path, post, Trouble } from "./api";
import type { Board, Drawing, Edit, Run, Scenario } from "./contract";
import { against, announce, go, route, scenarioId } from "./state";
import { zone } from "./format";
import { language, placeNames, t } from "./texts";

export const board = signal<Board | null>(null);
/** Null in a case without regions, undefined until that is known. */
export const drawing = signal<Drawing | null | undefined>(undefined);
/** The scenario shown, once it is known. */
export const scenario = signal<Scenario | null>(null);
/** The run shown; it stays while another is computed. */
export const run = signal<Run | null>(null);
/** The run that it is compared with; null where there is none, or it is the same. */
export const other = signal<Run | null>(null);
/** Something is being computed since then; `stop` gives up waiting. */
export const working = signal<{ since: number; stop: () => void } | null>(null);
/** The last thing that went wrong; `again` tries once more. */
export const trouble = signal<{ what: Trouble; again: () => void } | null>(null);
/** The server does not answer. */
export const offline = signal(false);

/** How far the walk is that is waited for; null while that is not known. */
export const walked = signal<{ done: number; total: number } | null>(null);

const QUICK = 700; // ms: most walks are done before anybody asks how far they are

const runs = new Map<string, Run>();
const KEPT = 24; // runs in memory: a country's is about a megabyte

async function runOf(id: string, stop?: AbortSignal): Promise<Run> {
  const kept = runs.get(id);
  if (kept) return kept;
  const asked = setTimeout(() => {
    unfollow = followWalk(id, (event) => {
      if (event.total) walked.value = { done: event.done ?? 0, total: event.total };
    });
  }, QUICK);
  let unfollow: () => void = () => undefined;
  const found = await get<Run>(path("api", "scenarios", id, "run"), stop).finally(() => {
    clearTimeout(asked);
    unfollow();
    walked.value = null;
  });
  runs.set(id, found);
  const oldest = runs.keys().next().value;
  if (runs.size > KEPT && oldest !== undefined) runs.delete(oldest);
  return found;
}

/** Do something that may take a while: shown as working, its failure shown with a way to try again. */
async function attempt<T>(what: (stop: AbortSignal) => Promise<T>): Promise<T | null> {
  const stopper = new AbortController();
  const mine = { since: Date.now(), stop: () => stopper.abort() };
  working.value?.stop();
  working.value = mine;
  trouble.value = null;
  try {
    const found = await what(stopper.signal);
    offline.value = false;
    return found;
  } catch (caught) {
    if (stopper.signal.aborted) return null;
    const found = caught instanceof Trouble ? caught : new Trouble(String(caught), 500);
    offline.value = found.offline;
    trouble.value = { what: found, again: () => void attempt(what) };
    if (!found.offline) announce(t("state.failed"));
    return null;
  } finally {
    if (working.value === mine) working.value = null;
  }
}

/** Show the scenario of the address; without one, the case as it is given. */
effect(() => {
  const known = board.value;
  if (!known) return;
  const id = scenarioId.value ?? known.root;
  untracked(() => {
    if (run.value?.id !== id || scenario.value?.id !== id) void attempt((stop) => show(id, stop));
    else working.value?.stop(); // gone back while another was still asked for
  });
});

async function show(id: string, stop: AbortSignal): Promise<void> {
  const [told, walked] = await Promise.all([
    get<Scenario>(path("api", "scenarios", id), stop),
    runOf(id, stop),
  ]);
  if (stop.aborted) return;
  scenario.value = told;
  run.value = walked;
  if (walked.checked === false || walked.checked === null) void recheck(id);
}

/** The audit runs behind: ask until it has passed or somebody looks elsewhere. */
async function recheck(id: string): Promise<void> {
  for (let wait = 1000; wait < 60_000; wait *= 1.6) {
    await new Promise((ready) => setTimeout(ready, wait));
    if (run.value?.id !== id || run.value.checked) return;
    try {
      const { checked } = await get<{ checked: boolean | null }>(path("api", "scenarios", id, "checked"));
      if (checked !== null && run.value?.id === id) {
        const now = { ...run.value, checked };
        runs.set(id, now);
        run.value = now;
        return;
      }
    } catch {
      return;
    }
  }
}

/** What is compared with: the base, or the step before. */
export const otherId = computed(() => {
  const now = scenario.value;
  if (!now || !now.parent) return null;
  if (now.edit?.kind === "winter") return null; // a winter that was drawn is no change of the case
  return against.value === "before" ? now.parent : (board.value?.root ?? null);
});

effect(() => {
  const id = otherId.value;
  const shown = run.value?.id;
  if (!id || id === shown) {
    other.value = null;
    return;
  }
  const kept = runs.get(id);
  if (kept) other.value = kept;
  else
    void runOf(id).then(
      (found) => {
        if (otherId.value === id) other.value = found;
      },
      () => undefined, // the run shown is shown all the same; its own request says what is wrong
    );
});

/** Scenarios that were undone in this tab, the last one last. */
export const undone = signal<string[]>([]);

/** Make one change to the scenario shown, or to another; what could be redone is forgotten. */
export async function change(edit: Edit, of?: string): Promise<Trouble | null> {
  const parent = of ?? scenario.value?.id ?? board.value?.root;
  if (!parent) return null;
  let made: Scenario | null = null;
  try {
    made = await post<Scenario>(path("api", "scenarios"), { parent, edit });
  } catch (caught) {
    if (caught instanceof Trouble) {
      offline.value = caught.offline;
      return caught;
    }
    throw caught;
  }
  undone.value = [];
  go({ scenario: made.id }, true);
  return null;
}

export function undo(): void {
  const now = scenario.value;
  if (!now?.parent || board.value?.read_only) return;
  undone.value = [...undone.value, now.id];
  go({ scenario: now.parent }, true);
  announce(t("changes.undone"));
}

export function redo(): void {
  const next = undone.value.at(-1);
  if (next === undefined) return;
  undone.value = undone.value.slice(0, -1);
  go({ scenario: next }, true);
  announce(t("changes.redone"));
}

/** The step shown: the one chosen, or where it is all but worst. */
export const step = computed(() => {
  const now = run.value;
  if (!now) return 0;
  const chosen = route.value.step;
  return Math.min(chosen ?? worst(now), steps(now) - 1);
});

export const steps = (of: Run): number => of.steps;

/** People without a service, step by step. */
export const without = (of: Run, service: string): number[] => of.series[`people_without_${service}`] ?? [];

/** The first step in which nearly as many people are without heat as ever; where nobody is, without power. */
function worst(of: Run): number {
  for (const service of ["heat", "power", "gas", "water"]) {
    const people = without(of, service);
    const most = Math.max(0, ...people);
    if (most >= 1) return people.findIndex((n) => n >= 0.9 * most);
  }
  return 0;
}

/** The instant at which a step begins. */
export const instant = (of: Run, at: number): number => Date.parse(of.start) + at * of.step_hours * 3_600_000;

/** Ask whether the server is back, while it is not. */
effect(() => {
  if (!offline.value) return;
  const timer = setInterval(() => {
    get<Board>("/api/board").then(
      () => {
        offline.value = false;
        const waiting = trouble.peek();
        if (waiting?.what.offline) waiting.again();
      },
      () => undefined,
    );
  }, 2000);
  return () => clearInterval(timer);
});

/** Everything that the first view needs. */
export async function begin(): Promise<void> {
  await attempt(async () => {
    const found = await get<Board>("/api/board");
    zone.value = found.case.time_zone;
    board.value = found;
  });
}

/** The drawing comes beside the run, not before it; names in another language want other room. */
effect(() => {
  const known = board.value;
  if (!known) return;
  get<Drawing>(`/api/map?lang=${encodeURIComponent(language.value)}`).then(
    (found) => {
      drawing.value = found.features.length ? found : null;
      placeNames.value = Object.fromEntries(found.features.map((f) => [f.id, f.properties.names[language.value] ?? f.id]));
    },
    () => {
      drawing.value ??= null; // the lists and tables say the same
    },
  );
});
