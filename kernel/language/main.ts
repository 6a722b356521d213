import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { languages } from "./languages.ts";
import { serve } from "./server.ts";

// By --node-ipc or --stdio, as the client says.
const connection = createConnection(ProposedFeatures.all);
serve(connection, languages);
connection.listen();
