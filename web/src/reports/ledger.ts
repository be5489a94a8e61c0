// The ledger: documents, claims, how they differ, who decided what. Nothing here believes anybody.
import { computed, signal } from "@preact/signals";
import { get, path, post, Trouble } from "../api";
import { t } from "../texts";
import { announce } from "../state";

export interface Tick {
  decision: "accepted" | "rejected" | "withdrawn";
  confidence: number | null;
  who: string;
  at: string;
  note: string;
}

export interface Claim {
  metric: string;
  value: number | null;
  value_max: number | null;
  qualifier: string;
  unit: string;
  quote_span: string;
  source: string;
  source_surface: string;
  source_country: string;
  location: string | null;
  modality: string;
  facility_type: string;
  time: string;
  phase: string;
  carry_over: boolean;
  note: string;
}

export interface Kept {
  name: string;
  document: string;
  published: string;
  claim: Claim;
  tick: Tick | null;
  words: { before: string; quote: string; after: string };
}

export interface Listed {
  name: string;
  kind: string;
  url: string;
  title: string;
  language: string;
  published: string;
  person: string;
  read_at: string;
  claims: number;
  unread_numbers: number;
}

export interface Pair {
  kind: string;
  a: string;
  b: string;
}

export interface Series {
  metric: string;
  unit: string;
  location: string;
  claims: string[];
}

export interface Ledger {
  documents: Listed[];
  claims: Kept[];
  pairs: Pair[];
  series: Series[];
}

export interface Piece {
  text: string;
  claims: number[];
  unread: number | null;
}

export interface Opened extends Omit<Listed, "claims"> {
  claims: Kept[];
  unread: { text: string; span_start: number; reason: string }[];
  bounds: Record<string, number | null>;
  pieces: Piece[];
}

export const ledger = signal<Ledger | null>(null);
export const opened = signal<Opened | null>(null);
/** The claim that is looked at, by its name. */
export const chosen = signal<string | null>(null);
export const failed = signal<Trouble | null>(null);

export const claimOf = computed(() => new Map((ledger.value?.claims ?? []).map((one) => [one.name, one])));
export const accepted = computed(() => (ledger.value?.claims ?? []).filter((one) => one.tick?.decision === "accepted"));

const troubled = (caught: unknown): Trouble => (caught instanceof Trouble ? caught : new Trouble(String(caught), 500));

export async function load(): Promise<void> {
  try {
    ledger.value = await get<Ledger>("/api/ledger");
    failed.value = null;
  } catch (caught) {
    failed.value = troubled(caught);
  }
}

const documentPath = (name: string) => `/api/ledger/documents/${name.split("/").map(encodeURIComponent).join("/")}`;

export async function open(name: string): Promise<void> {
  try {
    opened.value = await get<Opened>(documentPath(name));
    failed.value = null;
  } catch (caught) {
    failed.value = troubled(caught);
  }
}

/** Show a claim in its text. */
export async function look(name: string): Promise<void> {
  chosen.value = name;
  const document = claimOf.value.get(name)?.document;
  if (document && opened.value?.name !== document) await open(document);
}

export interface Decision {
  decision: Tick["decision"];
  confidence: number | null;
  who: string;
  note: string;
}

/** What somebody else decided about a claim since it was looked at here. */
export const overtaken = signal<{ claim: string; tick: Tick | null } | null>(null);

/** Note a decision on what is seen here; false where somebody else was first, or it failed. */
export async function decide(claim: Kept, made: Decision): Promise<Trouble | null> {
  overtaken.value = null;
  try {
    await post("/api/ledger/ticks", { ...made, claims: [claim.name], seen: { [claim.name]: claim.tick } });
  } catch (caught) {
    const found = troubled(caught);
    if (found.status !== 409) return found;
    await load();
    overtaken.value = { claim: claim.name, tick: claimOf.value.get(claim.name)?.tick ?? null };
    announce(t("reports.overtaken"));
    return null;
  }
  await load();
  announce(t(`reports.said_${made.decision}`, { claim: claim.name }));
  return null;
}

export const history = (claim: string) =>
  get<{ ticks: Tick[] }>(`/api/ledger/history?claim=${encodeURIComponent(claim)}`);

export interface Claimed {
  mark: string;
  damage: { time: string; asset: string; available: number; until: string | null; source: string; confidence: string }[];
  unmapped: { claim: string; reason: string }[];
  access: { place: string; time: string; source: string; claim: string }[];
  notes: string[];
}

/** What the accepted claims mean for this case now. */
export const claimed = () => post<Claimed>(path("api", "ledger", "damage"), {});

/** Hand in a text: its bytes as they are, what is said about it in the address. */
export async function handIn(content: Blob, about: Record<string, string>): Promise<{ document: string; what: string }> {
  const said = new URLSearchParams(Object.entries(about).filter(([, value]) => value !== ""));
  const answer = await fetch(`/api/ledger/documents?${said}`, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/octet-stream" },
    body: content,
  }).catch(() => {
    throw new Trouble("offline", 0);
  });
  const told = await answer.json();
  if (!answer.ok) throw new Trouble(told.message ?? answer.statusText, answer.status, told.faults ?? []);
  return told;
}

/** Who decides here: asked once, kept in this browser. */
const KEY = "keepwarm.who";
export const who = signal(kept());
function kept(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}
export function name(said: string): void {
  who.value = said;
  try {
    localStorage.setItem(KEY, said);
  } catch {
    // a browser that keeps nothing asks again
  }
}
