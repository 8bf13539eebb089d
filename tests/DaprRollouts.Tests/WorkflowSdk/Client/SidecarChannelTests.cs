using System.Diagnostics;
using Dapr.Workflow.Client;
using DaprRollouts.Protocol;
using DaprRollouts.Tests.WorkflowSdk.Worker;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace DaprRollouts.Tests.WorkflowSdk.Client;

public sealed class SidecarChannelTests
{
    private static async Task<Metadata> SentWith(string? token)
    {
        var sidecar = new FakeSidecar();
        var client = new TaskHubSidecarService.TaskHubSidecarServiceClient(SidecarChannel.WithMetadata(sidecar, token));
        await client.HelloAsync(new Empty(), cancellationToken: TestContext.Current.CancellationToken);
        return sidecar.LastSent;
    }

    [Theory]
    [InlineData("secret", "secret")]
    [InlineData("", null)]
    [InlineData(null, null)]
    public async Task Every_call_bears_the_token_if_there_is_one(string? token, string? sent) =>
        Assert.Equal(sent, (await SentWith(token)).GetValue("dapr-api-token"));

    [Fact]
    public async Task Every_call_bears_the_trace_in_its_binary_form()
    {
        using var activity = new Activity("caller").SetIdFormat(ActivityIdFormat.W3C).Start();

        var bytes = (await SentWith(null)).GetValueBytes("grpc-trace-bin")!;

        Assert.Equal(29, bytes.Length);
        Assert.Equal(activity.TraceId.ToHexString(), Convert.ToHexStringLower(bytes[2..18]));
        Assert.Equal(activity.SpanId.ToHexString(), Convert.ToHexStringLower(bytes[19..27]));
        Assert.Equal((0, 0, 1, 2), (bytes[0], bytes[1], bytes[18], bytes[27]));
    }
}
