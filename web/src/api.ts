// Requests to the server that gave this page, and to no other.
import type { Fault } from "./contract";

/** A clause of a sentence of the server: the key of its text, and the values in it. */
export type Clause = { key: string; [value: string]: string | number | Clause[] };

type Told = { says?: Record<string, Clause[]> };

/** What sentences of answers are made of, by their English text; they are said again when shown. */
export const learnt: Record<string, Clause[]> = Object.create(null);

/** What went wrong: the server's own words and the faults that it found, or that it does not answer. */
export class Trouble extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly faults: Fault[] = [],
  ) {
    super(message);
  }
  /** Nobody answered at all. */
  get offline(): boolean {
    return this.status === 0;
  }
}

/** This tab, by a name of its own: the server calls off what the same tab no longer waits for. */
const TAB = Math.random().toString(36).slice(2);

async function ask<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      signal: signal ?? null,
      credentials: "same-origin",
      headers: { "X-Tab": TAB, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch (caught) {
    if (caught instanceof DOMException && caught.name === "AbortError") throw caught;
    throw new Trouble("offline", 0);
  }
  const said = answer.headers.get("Content-Type")?.startsWith("application/json")
    ? await answer.json()
    : null;
  Object.assign(learnt, said?.says);
  if (!answer.ok) throw new Trouble(said?.message ?? answer.statusText, answer.status, said?.faults ?? []);
  return said as T;
}

export const get = <T>(path: string, signal?: AbortSignal) => ask<T>("GET", path, undefined, signal);
export const post = <T>(path: string, body: unknown, signal?: AbortSignal) =>
  ask<T>("POST", path, body, signal);
export const remove = <T>(path: string) => ask<T>("DELETE", path);

/** A path of the server: each part stands for itself, whatever letters it has. */
export const path = (...parts: string[]) => "/" + parts.map(encodeURIComponent).join("/");

export interface JobEvent<T = unknown> {
  done?: number;
  total?: number;
  left_seconds?: number | null;
  message?: string;
  finished?: boolean;
  cancelled?: boolean;
  failed?: string;
  faults?: Fault[];
  result?: T;
}

/** Listen to a job until it is finished; returns how to stop listening. */
export const follow = <T>(job: string, heard: (event: JobEvent<T>) => void) => listen(path("api", "jobs", job, "events"), heard);

/** Listen to the walk of a scenario in the same way. */
export const followWalk = (id: string, heard: (event: JobEvent) => void) => listen(path("api", "scenarios", id, "events"), heard);

function listen<T>(where: string, heard: (event: JobEvent<T>) => void): () => void {
  const source = new EventSource(where);
  source.onmessage = (message) => {
    const event = JSON.parse(message.data) as JobEvent<T> & Told;
    Object.assign(learnt, event.says);
    if (event.finished || event.failed || event.cancelled) source.close();
    heard(event);
  };
  return () => source.close();
}
