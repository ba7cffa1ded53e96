// A client in plain JavaScript (Node 18 or newer): node examples/example.mjs [URL]

const base = process.argv[2] ?? "http://localhost:9001";
const url = `${base}/kv/${encodeURIComponent("greeting-js")}`;

const put = await fetch(url, { method: "PUT", body: "hello" });
console.log(`put ${put.status}, ${put.headers.get("Dynamo-Replicas")}`);

const got = await fetch(url);
console.log(`get ${got.status}, ${await got.text()}`);

const deleted = await fetch(url, { method: "DELETE" });
console.log(`delete ${deleted.status}`);

const gone = await fetch(url);
console.log(`get ${gone.status}`);
