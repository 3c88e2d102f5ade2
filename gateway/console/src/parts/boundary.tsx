// A page that cannot be shown, for instance of a version that is gone: said, with the way to the newest.
import { Component, type ReactNode } from 'react';
import { useWords } from '../words/words';
import { Alert, Button } from './basic';

function Broken() {
  const words = useWords();
  return (
    <Alert kind="error" role="alert" title={words.state.broken}>
      <Button onClick={() => window.location.reload()}>{words.state.reload}</Button>
    </Alert>
  );
}

export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };
  static getDerivedStateFromError() {
    return { broken: true };
  }
  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}
