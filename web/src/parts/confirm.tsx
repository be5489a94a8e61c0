// A question that must be answered before something is changed.
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../texts";

interface ConfirmProps {
  title: string;
  yes: string;
  children: ComponentChildren;
  answer: (yes: boolean) => void;
}

export function Confirm({ title, yes, children, answer }: ConfirmProps) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  const close = (said: boolean) => {
    box.current?.close();
    answer(said);
  };
  return (
    <dialog ref={box} aria-labelledby="confirm-title" onCancel={() => answer(false)}>
      <h2 id="confirm-title">{title}</h2>
      {children}
      <div class="buttons">
        <button type="button" class="main" onClick={() => close(true)}>
          {yes}
        </button>
        <button type="button" onClick={() => close(false)}>
          {t("state.cancel")}
        </button>
      </div>
    </dialog>
  );
}
