// Runs first in a page or a worker, and posts its errors.
function complain(what: string): void {
  const xhr = new XMLHttpRequest();
  xhr.open('POST', '/violation');
  xhr.send(what);
}
self.addEventListener('securitypolicyviolation', function (event) {
  complain(event.violatedDirective + ' ' + event.blockedURI);
});
self.addEventListener('error', function (event: Event) {
  const { message, lineno, colno } = event as ErrorEvent;
  complain(`error: ${message} ${lineno}:${colno}`);
});
