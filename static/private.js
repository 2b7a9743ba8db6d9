/* A page that answers a form without a redirect: take the sent fields out of the browser's history.

   Chromium keeps the body of such a form in its session file, to send it again after a crash. The entry becomes that of
   the page with the form, so that a reload shows the empty form and sends nothing. */

history.replaceState(null, "", document.referrer || location.href);
