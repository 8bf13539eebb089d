using System.Diagnostics;
using DaprRollouts.Protocol;

namespace DaprRollouts.Tests.WorkflowSdk.Worker;

public sealed class TracingTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_activity_belongs_to_the_trace_that_asked_for_it(bool somebodyListens)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => somebodyListens && source.Name == "Dapr.Workflow",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        await using var worker = new WorkerHost(o => o.RegisterActivity<string, string>("Trace", (_, _) => Task.FromResult($"{Activity.Current?.TraceId}")));
        await worker.StartAsync();
        var item = WorkerHost.Activity("Trace");
        item.ActivityRequest.ParentTraceContext = new TraceContext { TraceParent = Parent };

        (await worker.Sidecar.StreamAsync()).TryWrite(item);

        Assert.Equal("\"0af7651916cd43dd8448eb211c80319c\"", (await worker.Sidecar.ReceivedAsync<ActivityResponse>()).Result);
    }
}
