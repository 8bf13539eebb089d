using System.Text.Json;
using DaprRollouts.Activities;
using DaprRollouts.Core.Signals;
using Prometheus;

namespace DaprRollouts.Executor.Signals;

/// <summary>Where signals arrive: over HTTP, and from a Dapr sidecar that delivers what was published.</summary>
internal static class SignalEndpoints
{
    /// <summary>The pub/sub component.</summary>
    public const string PubSub = "rollouts-pubsub";

    private const string SignalsTopic = "rollouts.signals";
    private const string SignalsRoute = "/dapr/signals";
    private const string DeadLetters = "rollouts.dead-letters";

    private static readonly Counter Received = Metrics.CreateCounter(
        "dapr_rollouts_signals_total", "Signals received, by way and result.", "via", "result");

    public static void MapSignals(this WebApplication app)
    {
        app.MapGet("/dapr/subscribe", () => new[]
        {
            new { pubsubname = PubSub, topic = SignalsTopic, route = SignalsRoute, deadLetterTopic = DeadLetters },
        }).AddEndpointFilter(SidecarToken.Check);
        app.MapPost(SignalsRoute, ReceiveAsync).AddEndpointFilter(SidecarToken.Check);
        app.MapPost("/api/v1/namespaces/{ns}/rollouts/{name}/signals", PostAsync).WithName("SendSignal");
    }

    private static async Task<IResult> PostAsync(string ns, string name, HttpRequest request, SignalWriter writer, CancellationToken cancel)
    {
        var (json, error) = await ReadAsync(request, cancel);
        var (signal, invalid) = json is { } body ? Signal.Parse(body) : (null, error);
        var result = signal is null
            ? new SignalResult(SignalOutcome.Malformed, invalid!)
            : Contradicts(signal, ns, name) is { } contradiction
                ? new SignalResult(SignalOutcome.Malformed, contradiction)
                : await writer.ApplyAsync(ns, name, signal, cancel);
        Received.WithLabels("http", result.Outcome.ToString()).Inc();
        return result.Outcome switch
        {
            SignalOutcome.Applied => Results.Accepted(value: new { message = result.Message }),
            SignalOutcome.NoSuchRollout => Problem(404, "There is no such Rollout", result.Message),
            SignalOutcome.NotApplicable => Problem(409, "The signal does not apply", result.Message),
            _ => Problem(400, "The signal is malformed", result.Message),
        };
    }

    // The sidecar acts on the status in the answer: DROP sends a message to the dead letters, RETRY has it delivered again.
    private static async Task<IResult> ReceiveAsync(HttpRequest request, SignalWriter writer, ILoggerFactory loggers, CancellationToken cancel)
    {
        var logger = loggers.CreateLogger("DaprRollouts.Signals");
        var (json, error) = await ReadAsync(request, cancel);
        var (signal, invalid) = json is { } envelope ? Unwrap(envelope) : (null, error);
        if (signal is null || string.IsNullOrEmpty(signal.Namespace) || string.IsNullOrEmpty(signal.Rollout))
        {
            logger.LogWarning("A published signal was dropped: {Problem}", invalid ?? "namespace and rollout: both are needed");
            Received.WithLabels("pubsub", nameof(SignalOutcome.Malformed)).Inc();
            return Results.Json(new { status = "DROP" });
        }

        var result = await writer.ApplyAsync(signal.Namespace, signal.Rollout, signal, cancel);
        Received.WithLabels("pubsub", result.Outcome.ToString()).Inc();
        if (result.Outcome == SignalOutcome.Applied)
        {
            return Results.Json(new { status = "SUCCESS" });
        }

        logger.LogWarning("A published signal was dropped: {Problem}", result.Message);
        return Results.Json(new { status = "DROP" });
    }

    private static (Signal? Signal, string? Error) Unwrap(JsonElement envelope)
    {
        if (envelope.ValueKind != JsonValueKind.Object)
        {
            return (null, "a CloudEvent is a JSON object");
        }

        var id = envelope.TryGetProperty("id", out var value) ? value.ToString() : null;
        try
        {
            JsonElement? data = envelope.TryGetProperty("data", out var member)
                ? member.ValueKind == JsonValueKind.String ? JsonSerializer.Deserialize<JsonElement>(member.GetString()!) : member
                : envelope.TryGetProperty("data_base64", out var encoded) ? JsonSerializer.Deserialize<JsonElement>(encoded.GetBytesFromBase64()) : null;
            var (signal, error) = data is { } json ? Signal.Parse(json) : (null, "data: missing");
            return (signal is null ? null : signal with { Id = signal.Id ?? id }, error);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return (null, $"data: {e.Message}");
        }
    }

    private static async Task<(JsonElement? Json, string? Error)> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        try
        {
            return (await JsonSerializer.DeserializeAsync<JsonElement>(request.Body, cancellationToken: cancel), null);
        }
        catch (JsonException e)
        {
            return (null, $"the body is not JSON: {e.Message}");
        }
    }

    private static string? Contradicts(Signal signal, string ns, string name) =>
        signal.Namespace is { } other && other != ns ? $"namespace: \"{other}\" is not the \"{ns}\" of the address"
        : signal.Rollout is { } rollout && rollout != name ? $"rollout: \"{rollout}\" is not the \"{name}\" of the address"
        : null;

    private static IResult Problem(int status, string title, string detail) => Results.Problem(detail, statusCode: status, title: title);
}
