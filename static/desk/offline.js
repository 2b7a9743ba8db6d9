/* Service worker of the desk: a page that cannot be fetched is replaced by our own words, never by the browser's.

   It touches navigations only, and stores nothing. Its page asks again by itself. */

const PAGE = `<!DOCTYPE html>
<html lang="vi">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width,initial-scale=1">
    <meta http-equiv="refresh" content="2">
    <title>Mất kết nối</title>
    <style>
      body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: #fbf8f2; color: #21162a;
        font: 18px/1.5 "Noto Sans", sans-serif; }
      main { max-width: 34rem; padding: 24px 32px; background: #fff1cc; border: 2px solid #9a6a00;
        border-radius: 12px; }
      h1 { margin: 0 0 8px; font-size: 26px; }
      p { margin: 0 0 8px; }
    </style>
  </head>
  <body>
    <main>
      <h1>Mất kết nối với máy chủ</h1>
      <p>Trang này tự mở lại khi có kết nối, không phải bấm gì.</p>
      <p>Việc đã ghi vẫn còn. Xem dây mạng, hoặc báo cán bộ kỹ thuật nếu quá vài phút.</p>
    </main>
  </body>
</html>`;
const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
  "Cache-Control": "no-store",
};

addEventListener("install", () => self.skipWaiting());
addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

addEventListener("fetch", (event) => {
  if (event.request.mode !== "navigate") return;
  event.respondWith(fetch(event.request).catch(() => new Response(PAGE, { status: 503, headers: HEADERS })));
});
