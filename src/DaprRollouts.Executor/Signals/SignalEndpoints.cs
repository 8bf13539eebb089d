using DaprRollouts.Activities;
using DaprRollouts.Core.Signals;
using DaprRollouts.Kubernetes.Writing;
using Microsoft.AspNetCore.Http.HttpResults;
using Prometheus;

namespace DaprRollouts.Executor.Signals;

/// <summary>Where signals arrive: over HTTP, and from a Dapr sidecar that delivers what was published.</summary>
internal static partial class SignalEndpoints
{
    private static readonly Counter Received = Metrics.CreateCounter(
        "dapr_rollouts_signals_total", "Signals received, by way and result.", "via", "result");

    public static void MapSignals(this WebApplication app)
    {
        app.MapPost(Subscriptions.SignalsRoute, ReceiveAsync).AddEndpointFilter(SidecarToken.Check).ExcludeFromDescription();
        app.MapPost("/api/v1/namespaces/{ns}/rollouts/{name}/signals", PostAsync)
            .WithName("SendSignal").WithTags("Rollouts").WithSummary("Sends a rollout a signal: promote, abort and the like.")
            .Accepts<Signal>("application/json", "*/*")
            .AddEndpointFilter(SameOrigin.Check)
            .ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
    }

    private static async Task<Results<Accepted<SignalAnswer>, ProblemHttpResult>> PostAsync(
        string ns, string name, HttpRequest request, SignalWriter writer, CancellationToken cancel)
    {
        var (json, error) = await JsonBody.ReadAsync(request, cancel);
        var (signal, invalid) = json is { } body ? Signal.Parse(body) : (null, error);
        invalid ??= signal is null ? error : Contradiction(signal, ns, name);
        var result = invalid is null
            ? await ApplyAsync(writer, ns, name, signal! with { By = signal.By ?? "http" }, cancel)
            : new SignalResult(SignalOutcome.Malformed, invalid);
        Received.WithLabels("http", LabelOf(result.Outcome)).Inc();
        return result.Outcome switch
        {
            SignalOutcome.Applied or SignalOutcome.Repeated => TypedResults.Accepted((string?)null, new SignalAnswer(result.Message)),
            SignalOutcome.NoSuchRollout => Problem(404, "There is no such Rollout", result.Message),
            SignalOutcome.NotApplicable => Problem(409, "The signal does not apply", result.Message),
            SignalOutcome.Unavailable => Problem(503, "The cluster cannot be written to", result.Message),
            _ => Problem(400, "The signal is malformed", result.Message),
        };
    }

    // The sidecar acts on the status in the answer: DROP sends a message to the dead letters, RETRY has it delivered again.
    private static async Task<Ok<Delivery>> ReceiveAsync(HttpRequest request, SignalWriter writer, ILoggerFactory loggers, CancellationToken cancel)
    {
        var (json, error) = await JsonBody.ReadAsync(request, cancel);
        var (signal, invalid) = json is { } envelope ? SignalEnvelope.Open(envelope) : (null, error);
        var result = signal is null
            ? new SignalResult(SignalOutcome.Malformed, invalid!)
            : await ApplyAsync(writer, signal.Namespace!, signal.Rollout!, signal, cancel);
        Received.WithLabels("pubsub", LabelOf(result.Outcome)).Inc();
        var status = result.Outcome switch
        {
            SignalOutcome.Applied or SignalOutcome.Repeated => Delivery.Success,
            SignalOutcome.Unavailable => Delivery.Retry,
            _ => Delivery.Drop,
        };
        if (status != Delivery.Success)
        {
            Log.NotApplied(loggers.CreateLogger(typeof(SignalEndpoints)), signal?.Id ?? "", status.Status, result.Message);
        }

        return TypedResults.Ok(status);
    }

    private static async Task<SignalResult> ApplyAsync(SignalWriter writer, string ns, string name, Signal signal, CancellationToken cancel)
    {
        try
        {
            return await writer.ApplyAsync(ns, name, signal, cancel);
        }
        catch (Exception e) when (e is KubernetesApiException or HttpRequestException)
        {
            return new SignalResult(SignalOutcome.Unavailable, e.Message);
        }
    }

    private static string? Contradiction(Signal signal, string ns, string name) =>
        signal.Namespace is { } other && other != ns ? $"namespace: \"{other}\" is not the \"{ns}\" of the address"
        : signal.Rollout is { } rollout && rollout != name ? $"rollout: \"{rollout}\" is not the \"{name}\" of the address"
        : null;

    private static string LabelOf(SignalOutcome outcome) => outcome switch
    {
        SignalOutcome.Applied => "applied",
        SignalOutcome.Repeated => "repeated",
        SignalOutcome.NoSuchRollout => "no_such_rollout",
        SignalOutcome.NotApplicable => "not_applicable",
        SignalOutcome.Unavailable => "unavailable",
        _ => "malformed",
    };

    private static ProblemHttpResult Problem(int status, string title, string detail) => TypedResults.Problem(detail, statusCode: status, title: title);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Published signal {SignalId} was not applied ({Status}): {Problem}")]
        public static partial void NotApplied(ILogger logger, string signalId, string status, string problem);
    }
}

/// <summary>What became of a signal that was accepted.</summary>
/// <param name="Message">In one line.</param>
public sealed record SignalAnswer(string Message);
