using System.Text.Json;
using DaprRollouts.Core.Model;
using DaprRollouts.Protocol;
using DaprRollouts.Workflows.Contracts;
using Grpc.Core;
using Grpc.Net.Client;

namespace DaprRollouts.Executor.Api;

/// <summary>
/// Reads what happened to a revision from its workflow's history: each activity's answer says what was done. The client of Dapr.Workflow shows no payloads, so the
/// history is asked for by the protocol itself.
/// </summary>
internal sealed class TimelineReader(IConfiguration configuration) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(
        Dapr.DaprDefaults.GetDefaultGrpcEndpoint(configuration), new GrpcChannelOptions { MaxReceiveMessageSize = null });

    /// <summary>The timeline of a workflow; null if the engine knows it no more.</summary>
    public async Task<IReadOnlyList<TimelineEntry>?> ReadAsync(string workflow, CancellationToken cancel)
    {
        var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(_channel);
        try
        {
            var history = await client.GetInstanceHistoryAsync(new GetInstanceHistoryRequest { InstanceId = workflow }, cancellationToken: cancel);
            return [.. history.Events.SelectMany(Entries)];
        }
        catch (RpcException e) when (e.StatusCode is StatusCode.NotFound or StatusCode.Unknown)
        {
            return null;
        }
    }

    public void Dispose() => _channel.Dispose();

    private static IEnumerable<TimelineEntry> Entries(HistoryEvent e) => e.EventTypeCase switch
    {
        HistoryEvent.EventTypeOneofCase.ExecutionStarted => Read<RolloutRun>(e.ExecutionStarted.Input)?.Timeline ?? [],
        HistoryEvent.EventTypeOneofCase.TaskCompleted => Read<Report>(e.TaskCompleted.Result)?.Done ?? [],
        HistoryEvent.EventTypeOneofCase.TaskFailed =>
            [new TimelineEntry(e.Timestamp.ToDateTimeOffset(), "Failure", e.TaskFailed.FailureDetails?.ErrorMessage ?? "an activity failed")],
        _ => [],
    };

    private static T? Read<T>(string? json)
        where T : class => string.IsNullOrEmpty(json) ? null : JsonSerializer.Deserialize<T>(json, Json);
}
