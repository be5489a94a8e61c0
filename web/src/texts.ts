// Texts of the page in the language chosen; another language is another file on the server.
import { computed, signal } from "@preact/signals";
import { type Clause, get, learnt, path } from "./api";

type Values = Record<string, string | number>;

const texts = signal<Record<string, string>>({});
export const language = signal("en");
const plurals = computed(() => new Intl.PluralRules(language.value));

/** Load a language and show it; `lang` of the page follows. */
export async function speak(code: string): Promise<void> {
  const found = await get<Record<string, string>>(path("api", "texts", code));
  texts.value = found;
  language.value = code;
  document.documentElement.lang = code;
  try {
    localStorage.setItem("keepwarm.language", code);
  } catch {
    // a browser that keeps nothing still shows the page
  }
}

/** The language to begin with: kept, or the browser's, or the first there is. */
export function preferred(codes: string[]): string {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem("keepwarm.language");
  } catch {
    // as above
  }
  const wanted = [kept ?? "", ...navigator.languages.map((tag) => tag.split("-")[0] ?? "")];
  return wanted.find((code) => codes.includes(code)) ?? codes[0] ?? "en";
}

/**
 * A text with its values filled in. With `count` the plural form is chosen by the language's rules:
 * `key.one`, `key.few`, `key.many`, `key.other`; `shown` is how the count is written.
 */
export function t(key: string, values: Values = {}): string {
  const known = texts.value;
  let found = known[key];
  if (found === undefined && typeof values.count === "number") {
    found = known[`${key}.${plurals.value.select(values.count)}`] ?? known[`${key}.other`];
  }
  if (found === undefined) return key;
  return found.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** How many forms a language has, in the order in which texts give them. */
const forms = computed(() => {
  const own = plurals.value.resolvedOptions().pluralCategories;
  return ["zero", "one", "two", "few", "many", "other"].filter((name) => own.some((one) => one === name));
});

/** What places are called on the page, by their names in the case. */
export const placeNames = signal<Record<string, string>>({});

/** A sentence of the server in the language of the page; as it is where nobody knows what it says. */
export function retold(text: string): string {
  const clauses = learnt[text];
  return language.value === "en" || !clauses ? text : told(clauses);
}

const told = (clauses: Clause[]): string => clauses.map(clause).join("; ");

function clause(of: Clause): string {
  const found = texts.value[`says.${of.key}`];
  if (found === undefined) return of.key;
  return found.replace(/\{(\w+)(?::([^{}]*))?\}/g, (whole, name: string, spec?: string) => {
    const value = of[name];
    if (typeof value === "number") {
      const form = spec?.includes("|") && spec.split("|")[forms.value.indexOf(plurals.value.select(value))];
      return form || new Intl.NumberFormat(language.value, { maximumSignificantDigits: 12 }).format(value);
    }
    if (Array.isArray(value)) return told(value);
    if (value === undefined) return whole;
    if (name === "place" || name === "region") return placeNames.value[value] ?? value;
    return texts.value[`says.${name}.${value.replaceAll(" ", "_")}`] ?? value;
  });
}

/** Whether a text is there. */
export const has = (key: string): boolean => key in texts.value;
