using Dapr.Workflow;

namespace DaprRollouts.Workflows;

/// <summary>All workflows, under the names that histories know them by.</summary>
public static class WorkflowCatalog
{
    /// <summary>Registers every workflow.</summary>
    public static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterWorkflow<AnalysisRunWorkflow>(AnalysisRunWorkflow.Name);
        options.RegisterWorkflow<RolloutWorkflow>(RolloutWorkflow.Name);
    }
}
