// Reports and what they claim.
import { t } from "../texts";

export default function Reports() {
  return <h2>{t("tab.reports")}</h2>;
}
