// A panel over the list: the browser's own dialog, which keeps the focus inside and gives it back.
import { useEffect, useRef, type ReactNode } from 'react';
import { useWords } from '../words/words';
import { Button, Heading } from './basic';

export function Drawer({ title, under, close, children }: { title: string; under?: ReactNode; close: () => void; children: ReactNode }) {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLDivElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    heading.current?.focus();
  }, []);
  return (
    <dialog ref={dialog} className="drawer" aria-labelledby="drawer-title" onClose={close}>
      <div className="drawer-head">
        <div ref={heading} tabIndex={-1}>
          <Heading level={2} id="drawer-title">
            {title}
          </Heading>
          {under}
        </div>
        <Button kind="subtle" icon="close" onClick={() => dialog.current?.close()}>
          {words.shell.close}
        </Button>
      </div>
      {children}
    </dialog>
  );
}
