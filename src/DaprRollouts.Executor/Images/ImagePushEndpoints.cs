using System.Text.Json;
using DaprRollouts.Core.Images;
using DaprRollouts.Executor.Signals;
using DaprRollouts.Kubernetes.Writing;
using Microsoft.AspNetCore.Http.HttpResults;
using Prometheus;

namespace DaprRollouts.Executor.Images;

/// <summary>What a push led to.</summary>
/// <param name="Updates">The images that were changed; none if no Rollout follows the repository, or all have the image already.</param>
public sealed record ImagePushAnswer(IReadOnlyList<ImageUpdate> Updates);

/// <summary>Where registries and pipelines tell of pushed images: over HTTP, and from a Dapr sidecar that delivers what was published.</summary>
internal static partial class ImagePushEndpoints
{
    private static readonly Counter Received = Metrics.CreateCounter(
        "dapr_rollouts_image_pushes_total", "Messages of pushed images, by way and result.", "via", "result");

    private enum Outcome
    {
        Updated,
        Unchanged,
        Malformed,
        Unavailable,
    }

    public static void MapImagePushes(this WebApplication app)
    {
        app.MapPost(Subscriptions.ImagePushesRoute, ReceiveAsync).AddEndpointFilter(SidecarToken.Check).ExcludeFromDescription();
        app.MapPost("/api/v1/image-pushes", PostAsync)
            .WithName("TellOfImagePush").WithTags("Images").WithSummary("Tells of a pushed image: Rollouts that follow its repository are updated.")
            .Accepts<JsonElement>("application/json", "*/*")
            .AddEndpointFilter(SameOrigin.Check).AddEndpointFilter(WebhookSecret.Check)
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(503);
    }

    private static async Task<Results<Ok<ImagePushAnswer>, ProblemHttpResult>> PostAsync(
        HttpRequest request, ImageUpdater updater, ILoggerFactory loggers, CancellationToken cancel)
    {
        var (json, error) = await JsonBody.ReadAsync(request, cancel);
        var (outcome, updates, problem) = await ApplyAsync("http", json, error, null, updater, loggers, cancel);
        return outcome switch
        {
            Outcome.Malformed => TypedResults.Problem(problem, statusCode: 400, title: "The message is malformed"),
            Outcome.Unavailable => TypedResults.Problem(problem, statusCode: 503, title: "The cluster cannot be written to"),
            _ => TypedResults.Ok(new ImagePushAnswer(updates)),
        };
    }

    private static async Task<Ok<Delivery>> ReceiveAsync(HttpRequest request, ImageUpdater updater, ILoggerFactory loggers, CancellationToken cancel)
    {
        var (envelope, error) = await JsonBody.ReadAsync(request, cancel);
        (JsonElement?, string?) opened = envelope is { } read ? CloudEnvelope.Open(read) : (null, error);
        var id = envelope is { } named ? CloudEnvelope.Text(named, "id") : null;
        var (outcome, _, _) = await ApplyAsync("pubsub", opened.Item1, opened.Item2, id, updater, loggers, cancel);
        return TypedResults.Ok(outcome switch
        {
            Outcome.Malformed => Delivery.Drop,
            Outcome.Unavailable => Delivery.Retry,
            _ => Delivery.Success,
        });
    }

    private static async Task<(Outcome Outcome, IReadOnlyList<ImageUpdate> Updates, string? Problem)> ApplyAsync(
        string via, JsonElement? json, string? error, string? id, ImageUpdater updater, ILoggerFactory loggers, CancellationToken cancel)
    {
        var (pushes, invalid) = json is { } message ? PushNotice.Read(message) : (null, error);
        var result = pushes is null ? (Outcome.Malformed, [], invalid) : await ApplyAsync(pushes, id, updater, cancel);
        Received.WithLabels(via, result.Outcome.ToString().ToLowerInvariant()).Inc();
        if (result.Problem is { } problem)
        {
            Log.NotApplied(loggers.CreateLogger(typeof(ImagePushEndpoints)), via, id ?? "", problem);
        }

        return result;
    }

    private static async Task<(Outcome Outcome, IReadOnlyList<ImageUpdate> Updates, string? Problem)> ApplyAsync(
        IReadOnlyList<ImagePush> pushes, string? id, ImageUpdater updater, CancellationToken cancel)
    {
        List<ImageUpdate> updates = [];
        try
        {
            foreach (var push in pushes)
            {
                updates.AddRange(await updater.ApplyAsync(push, id, cancel));
            }
        }
        catch (Exception e) when (e is KubernetesApiException or HttpRequestException)
        {
            return (Outcome.Unavailable, updates, e.Message);
        }

        return (updates.Count > 0 ? Outcome.Updated : Outcome.Unchanged, updates, null);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "A message of a pushed image was not applied ({Via}, {MessageId}): {Problem}")]
        public static partial void NotApplied(ILogger logger, string via, string messageId, string problem);
    }
}
