using System.Reflection;
using Dapr.Workflow;

namespace DaprRollouts.Tests.WorkflowSdk.Surface;

/// <summary>Code written against this library must compile unchanged against the official package.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void The_workflow_namespaces_hold_exactly_the_approved_members_of_the_official_package()
    {
        var actual = SurfaceText.Of(typeof(WorkflowContext).Assembly.GetExportedTypes().Where(t => t.Namespace!.StartsWith("Dapr.", StringComparison.Ordinal)));

        Assert.Equal(Approved(), actual);
    }

    [Fact]
    public void Outside_of_them_only_the_door_for_an_embedded_engine_is_public()
    {
        var own = typeof(WorkflowContext).Assembly.GetExportedTypes().Where(t => !t.Namespace!.StartsWith("Dapr.", StringComparison.Ordinal));

        Assert.Equal(["EmbeddedWorkflows", "WorkflowDispatcher"], own.Select(t => t.Name).Order(StringComparer.Ordinal));
    }

    private static string[] Approved()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("PublicSurface.approved.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
