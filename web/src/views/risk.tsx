// How bad the winter can get, and which measure helps most.
import { t } from "../texts";

export default function Risk() {
  return <h2>{t("tab.risk")}</h2>;
}
