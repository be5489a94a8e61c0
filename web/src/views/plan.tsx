// The plan and the rotation as a timeline.
import { t } from "../texts";

export default function Plan() {
  return <h2>{t("tab.plan")}</h2>;
}
