using Dapr.Workflow;
using DaprRollouts.Activities.Effects;
using DaprRollouts.Core.Planning;
using DaprRollouts.Workflows.Contracts;

namespace DaprRollouts.Activities;

/// <summary>All activities, under the names that histories know them by.</summary>
public static class ActivityCatalog
{
    /// <summary>Registers every activity.</summary>
    public static void Register(WorkflowRuntimeOptions options)
    {
        options.RegisterActivity<AdoptReplicaSetsActivity>(nameof(AdoptReplicaSets));
        options.RegisterActivity<ApplySignalActivity>(RolloutActivities.ApplySignal);
        options.RegisterActivity<CleanUpActivity>(nameof(CleanUp));
        options.RegisterActivity<CreateReplicaSetActivity>(nameof(CreateReplicaSet));
        options.RegisterActivity<MeasureActivity>(AnalysisRunActivities.Measure);
        options.RegisterActivity<ObserveActivity>(RolloutActivities.Observe);
        options.RegisterActivity<PublishRevisionActivity>(nameof(PublishRevision));
        options.RegisterActivity<PublishStatusActivity>(nameof(PublishStatus));
        options.RegisterActivity<ReleaseReplicaSetsActivity>(nameof(ReleaseReplicaSets));
        options.RegisterActivity<ReleaseRoutesActivity>(nameof(ReleaseRoutes));
        options.RegisterActivity<ReleaseServicesActivity>(nameof(ReleaseServices));
        options.RegisterActivity<RestartPodsActivity>(nameof(RestartPods));
        options.RegisterActivity<ScaleReplicaSetsActivity>(nameof(ScaleReplicaSets));
        options.RegisterActivity<ScaleWorkloadActivity>(nameof(ScaleWorkload));
        options.RegisterActivity<SetPodMetadataActivity>(nameof(SetPodMetadata));
        options.RegisterActivity<SetScaleDownDeadlinesActivity>(nameof(SetScaleDownDeadlines));
        options.RegisterActivity<SetWeightActivity>(nameof(SetWeight));
        options.RegisterActivity<StartAnalysisActivity>(nameof(StartAnalysis));
        options.RegisterActivity<SwitchServicesActivity>(nameof(SwitchServices));
        options.RegisterActivity<TerminateAnalysisActivity>(nameof(TerminateAnalysis));
        options.RegisterActivity<UpdateReplicaSetActivity>(nameof(UpdateReplicaSet));
    }
}
