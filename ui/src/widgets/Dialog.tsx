import { clsx } from "clsx";
import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { useText } from "../i18n/text";
import { Button, IconButton } from "./Button";

const WIDTH = { normal: "max-w-[440px]", wide: "max-w-[680px]", widest: "max-w-[960px]" };

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  /** A sentence or two under the title. */
  about?: ReactNode;
  children?: ReactNode;
  /** Buttons at the foot, the main one last. */
  actions?: ReactNode;
  width?: keyof typeof WIDTH;
  /** Whether the content fills the dialog to its edges and scrolls by itself. */
  flush?: boolean;
  testId?: string;
}

/** A question in front of everything else. Escape closes it; the focus returns to where it was. */
export function Dialog({
  open,
  onClose,
  title,
  about,
  children,
  actions,
  width = "normal",
  flush,
  testId,
}: DialogProps) {
  const text = useText();
  return (
    <Radix.Root open={open} onOpenChange={(next) => next || onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-[fade-in_100ms] bg-veil" />
        <Radix.Content
          data-testid={testId}
          // The focus goes to the dialog itself, so that nothing is chosen by accident; a field may still ask for it.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
          }}
          {...(about === undefined ? { "aria-describedby": undefined } : {})}
          className={clsx(
            "fixed top-[14vh] left-1/2 z-40 flex max-h-[72vh] w-[calc(100vw-48px)] -translate-x-1/2 animate-[fade-in_100ms] flex-col rounded-md bg-panel shadow-float focus:outline-none",
            WIDTH[width],
          )}
        >
          <header className={clsx("flex items-start gap-2 px-4 pt-3", flush ? "pb-3" : "pb-1")}>
            <Radix.Title className="flex-1 py-0.5 text-15 font-semibold">{title}</Radix.Title>
            <IconButton label={text.shell.states.close} onClick={onClose}>
              <X />
            </IconButton>
          </header>
          <div className={clsx("min-h-0 flex-1", flush ? "overflow-hidden" : "overflow-y-auto px-4 pb-4")}>
            {about !== undefined && (
              <Radix.Description className="mb-3 text-12 leading-[18px] text-muted">{about}</Radix.Description>
            )}
            {children}
          </div>
          {actions !== undefined && (
            <footer className="flex justify-end gap-2 border-line border-t px-4 py-3">{actions}</footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface ConfirmProps {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  about: ReactNode;
  confirm: string;
  onConfirm: () => void;
}

/** Asks before something is lost. */
export function ConfirmDialog({ open, onClose, title, about, confirm, onConfirm }: ConfirmProps) {
  const text = useText();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      about={about}
      testId="confirm"
      actions={
        <>
          <Button onClick={onClose}>{text.shell.states.cancel}</Button>
          <Button
            kind="danger"
            data-testid="confirm-yes"
            onClick={() => {
              onConfirm();
              onClose();
            }}
          >
            {confirm}
          </Button>
        </>
      }
    />
  );
}
