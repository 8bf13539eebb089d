using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DaprRollouts.Conformance.Watching;

namespace DaprRollouts.Conformance.DevCluster;

/// <summary>Runs a script against a server, in a namespace of its own, and writes down what it answers.</summary>
internal sealed partial class ScriptRun(HttpClient client, string ns, CancellationToken cancellation)
{
    // A garbage collector that learns of new kinds collects nothing meanwhile, for half a minute and more if a kind goes again.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Transcript _transcript = new(ns);
    private readonly Dictionary<string, string> _saved = new() { ["ns"] = ns };
    private JsonNode? _last;

    public static async Task<string> RunAsync(HttpClient client, string name, IEnumerable<ApiStep> steps, CancellationToken cancellation)
    {
        var ns = $"api-{name}-{Guid.NewGuid():N}"[..40];
        var run = new ScriptRun(client, ns, cancellation);
        await run.SendAsync(HttpMethod.Post, "/api/v1/namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = ns } }.ToJsonString(), "application/json");
        // A namespace is ready for pods once it has its account.
        await run.AwaitAsync($"/api/v1/namespaces/{ns}/serviceaccounts/default metadata.name=default");
        try
        {
            foreach (var step in steps)
            {
                await run.DoAsync(step);
            }
        }
        finally
        {
            await run.SendAsync(HttpMethod.Delete, $"/api/v1/namespaces/{ns}", null, null);
        }
        return run._transcript.ToString();
    }

    private Task DoAsync(ApiStep step)
    {
        _transcript.Title(step);
        var argument = Expand(step.Argument);
        return step.Verb switch
        {
            "AWAIT" => AwaitAsync(argument),
            "WATCH" => WatchAsync(argument),
            "SAVE" => SaveAsync(argument),
            _ => RequestAsync(step, argument),
        };
    }

    private async Task RequestAsync(ApiStep step, string path)
    {
        var body = step.Body.Length == 0 ? null : ApiScript.ToJson(Expand(step.Body));
        var type = step.Headers.GetValueOrDefault("Type", "application/json");
        var (code, answer) = await SendAsync(new HttpMethod(step.Verb), path, body, type, step.Headers);
        _last = answer;
        _transcript.Line($"{(int)code}");
        if (answer is JsonObject status && status["kind"]?.ToString() == "Status" && code >= HttpStatusCode.BadRequest)
        {
            ShowFailure(status, step.Headers.GetValueOrDefault("Show"));
            return;
        }
        Show(step.Headers.GetValueOrDefault("Show"), answer);
    }

    private void ShowFailure(JsonObject status, string? what)
    {
        if (what == "code")
        {
            return;
        }
        _transcript.Line($"{status["reason"]}");
        // Servers differ in the order of causes, in naming items by their place, and in telling one twice.
        var causes = (status["details"]?["causes"]?.AsArray() ?? [])
            .Select(c => $"  {ItemPlace().Replace(c!["field"]?.ToString() ?? "", "").TrimStart('.')}: {c["reason"]}");
        foreach (var cause in causes.Distinct().Order(StringComparer.Ordinal))
        {
            _transcript.Line(cause);
        }
    }

    private void Show(string? what, JsonNode? answer)
    {
        if (what is null)
        {
            _transcript.Json(answer);
            return;
        }
        foreach (var path in what.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(p => p != "code"))
        {
            var value = Find(answer, path);
            var isVersion = path.EndsWith("resourceVersion", StringComparison.Ordinal);
            if (value is JsonObject or JsonArray)
            {
                _transcript.Line($"{path}:");
                _transcript.Json(value);
            }
            else
            {
                _transcript.Line($"{path}: {(isVersion ? $"version <{value}>" : value?.ToJsonString() ?? "none")}");
            }
        }
    }

    private Task SaveAsync(string argument)
    {
        var words = argument.Split(' ');
        _saved[words[0]] = Find(_last, words[1])?.ToString() ?? throw new InvalidOperationException($"there is no {words[1]} to save");
        return Task.CompletedTask;
    }

    /// <summary>AWAIT PATH FIELD=VALUE, AWAIT PATH absent, or AWAIT PATH served, for what cannot be watched.</summary>
    private async Task AwaitAsync(string argument)
    {
        var (path, wanted) = argument.Split(' ', 2) is [var p, var w] ? (p, w) : throw new FormatException(argument);
        if (wanted == "served")
        {
            await Eventually.TrueAsync($"{path} is served", async () => (await SendAsync(HttpMethod.Get, path, null, null)).Code == HttpStatusCode.OK);
            return;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(Patience);
        var slash = path.LastIndexOf('/');
        var collection = path[..slash];
        var name = path[(slash + 1)..];
        var list = (await SendAsync(HttpMethod.Get, $"{collection}?fieldSelector=metadata.name={name}", null, null)).Answer!;
        var current = list["items"]!.AsArray().FirstOrDefault();
        if (IsAsWanted(current, wanted))
        {
            return;
        }
        var version = list["metadata"]!["resourceVersion"];
        await foreach (var change in WatchAsync($"{collection}?fieldSelector=metadata.name={name}&resourceVersion={version}", timeout.Token))
        {
            if (IsAsWanted(change["type"]!.ToString() == "DELETED" ? null : change["object"], wanted))
            {
                return;
            }
        }
        throw new TimeoutException($"{argument} did not come to be");
    }

    /// <summary>WATCH COUNT PATH: shows so many changes.</summary>
    private async Task WatchAsync(string argument)
    {
        var (count, path) = argument.Split(' ', 2) is [var c, var p] ? (int.Parse(c), p) : throw new FormatException(argument);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(Patience);
        await foreach (var change in WatchAsync(path, timeout.Token))
        {
            var item = change["object"]!;
            _transcript.Line(change["type"]!.ToString() == "ERROR"
                ? $"ERROR {item["code"]} {item["reason"]}"
                : $"{change["type"]} {item["kind"]} {item["metadata"]!["name"]} version <{item["metadata"]!["resourceVersion"]}>");
            if (--count == 0)
            {
                return;
            }
        }
        _transcript.Line("END");
    }

    private async IAsyncEnumerable<JsonNode> WatchAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path + (path.Contains('?') ? "&" : "?") + "watch=1");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
        if (!response.IsSuccessStatusCode)
        {
            yield return new JsonObject { ["type"] = "ERROR", ["object"] = JsonNode.Parse(await response.Content.ReadAsStringAsync(token)) };
            yield break;
        }
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(token));
        while (await reader.ReadLineAsync(token) is { } line)
        {
            yield return JsonNode.Parse(line)!;
        }
    }

    private async Task<(HttpStatusCode Code, JsonNode? Answer)> SendAsync(
        HttpMethod method, string path, string? body, string? type, IReadOnlyDictionary<string, string>? headers = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.UserAgent.ParseAdd(headers?.GetValueOrDefault("User-Agent") ?? "conformance/1");
        request.Headers.Accept.ParseAdd(headers?.GetValueOrDefault("Accept") ?? "application/json");
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new(type!);
        }
        using var response = await client.SendAsync(request, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        return (response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text) : text);
    }

    private string Expand(string text) => _saved.Aggregate(text, (t, s) => t.Replace($"{{{s.Key}}}", s.Value, StringComparison.Ordinal));

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex ItemPlace();

    private static bool IsAsWanted(JsonNode? item, string wanted)
    {
        if (wanted == "absent")
        {
            return item is null;
        }
        var at = wanted.IndexOf('=');
        return item is not null && (Find(item, wanted[..at])?.ToString() ?? "none") == wanted[(at + 1)..];
    }

    private static JsonNode? Find(JsonNode? node, string path)
    {
        foreach (var part in path.Split('.'))
        {
            node = node switch
            {
                JsonObject map => map[part.Replace('~', '.')],
                JsonArray list when int.TryParse(part, out var index) => index < list.Count ? list[index] : null,
                _ => null,
            };
        }
        return node;
    }
}
