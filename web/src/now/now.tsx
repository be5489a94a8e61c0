// The situation at one hour.
import { t } from "../texts";

export function Now() {
  return <h2>{t("tab.now")}</h2>;
}
