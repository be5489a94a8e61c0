// Views that are loaded when somebody opens them, so that the first one comes at once.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "./texts";

const loaders: Record<string, () => Promise<{ default: ComponentType }>> = {
  plan: () => import("./views/plan"),
  reports: () => import("./views/reports"),
  risk: () => import("./views/risk"),
};
const loaded: Record<string, ComponentType> = {};

export function Lazy({ view }: { view: string }) {
  const [, ready] = useState(0);
  useEffect(() => {
    if (loaded[view]) return;
    void loaders[view]?.().then((found) => {
      loaded[view] = found.default;
      ready((n) => n + 1);
    });
  }, [view]);
  const View = loaded[view];
  return View ? <View /> : <p class="quiet">{t("state.loading")}</p>;
}
