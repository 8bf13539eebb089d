using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DaprRollouts.Conformance.Metrics;

/// <summary>A server on this machine that answers as it is told to, and remembers what it was asked.</summary>
internal sealed class MetricPeer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<PeerRequest> _requests = new();
    private readonly ConcurrentDictionary<string, string> _secrets = new();
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MetricPeer(WebApplication app) => _app = app;

    /// <summary>How metric requests are answered.</summary>
    public RequestDelegate Answer { get; set; } = context => Task.CompletedTask;

    public Uri Address => new(_app.Urls.First());

    /// <summary>Requests other than those for Secrets.</summary>
    public IReadOnlyList<PeerRequest> Requests => [.. _requests];

    /// <summary>Completes when the first metric request has arrived.</summary>
    public Task Asked => _asked.Task;

    public static async Task<MetricPeer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var peer = new MetricPeer(app);
        app.Run(peer.HandleAsync);
        await app.StartAsync();
        return peer;
    }

    /// <summary>Answers with a JSON text.</summary>
    public void AnswerJson(string json, int status = 200) => AnswerText(json, "application/json", status);

    public void AnswerText(string text, string contentType = "text/plain", int status = 200) => Answer = async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(text);
    };

    /// <summary>Puts a Secret where the Kubernetes API has it.</summary>
    public void AddSecret(string ns, string name, params (string Key, string Value)[] values)
    {
        var data = string.Join(',', values.Select(v => $"\"{v.Key}\":\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(v.Value))}\""));
        _secrets[$"/api/v1/namespaces/{ns}/secrets/{name}"] = """{"apiVersion":"v1","kind":"Secret","metadata":{"name":"x"},"data":{""" + data + "}}";
    }

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.Contains("/secrets/", StringComparison.Ordinal))
        {
            var known = _secrets.TryGetValue(path, out var secret);
            context.Response.StatusCode = known ? 200 : 404;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(known ? secret! : """{"kind":"Status","code":404,"message":"not found"}""");
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        _requests.Enqueue(new PeerRequest(
            context.Request.Method,
            path,
            context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString()),
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync()));
        _asked.TrySetResult();
        await Answer(context);
    }
}

/// <summary>What a server was asked.</summary>
internal sealed record PeerRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The body as a form.</summary>
    public IReadOnlyDictionary<string, string> Form => Body.Split('&').Select(p => p.Split('=', 2))
        .ToDictionary(p => Uri.UnescapeDataString(p[0]), p => Uri.UnescapeDataString(p[1].Replace('+', ' ')));
}
