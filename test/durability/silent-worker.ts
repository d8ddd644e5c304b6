// A program of a worker that never comes up: it says nothing, and does not end.
setInterval(() => {}, 60_000);
