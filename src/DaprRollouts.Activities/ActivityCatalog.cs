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
        options.RegisterActivity<AdoptReplicaSetsActivity>(EffectNames.AdoptReplicaSets);
        options.RegisterActivity<ApplySignalActivity>(RolloutActivities.ApplySignal);
        options.RegisterActivity<CleanUpActivity>(EffectNames.CleanUp);
        options.RegisterActivity<CreateReplicaSetActivity>(EffectNames.CreateReplicaSet);
        options.RegisterActivity<MeasureActivity>(AnalysisRunActivities.Measure);
        options.RegisterActivity<ObserveActivity>(RolloutActivities.Observe);
        options.RegisterActivity<PublishRevisionActivity>(EffectNames.PublishRevision);
        options.RegisterActivity<PublishStatusActivity>(EffectNames.PublishStatus);
        options.RegisterActivity<ReleaseReplicaSetsActivity>(EffectNames.ReleaseReplicaSets);
        options.RegisterActivity<ReleaseRoutesActivity>(EffectNames.ReleaseRoutes);
        options.RegisterActivity<ReleaseServicesActivity>(EffectNames.ReleaseServices);
        options.RegisterActivity<RestartPodsActivity>(EffectNames.RestartPods);
        options.RegisterActivity<ScaleReplicaSetsActivity>(EffectNames.ScaleReplicaSets);
        options.RegisterActivity<ScaleWorkloadActivity>(EffectNames.ScaleWorkload);
        options.RegisterActivity<SetPodMetadataActivity>(EffectNames.SetPodMetadata);
        options.RegisterActivity<SetScaleDownDeadlinesActivity>(EffectNames.SetScaleDownDeadlines);
        options.RegisterActivity<SetWeightActivity>(EffectNames.SetWeight);
        options.RegisterActivity<StartAnalysisActivity>(EffectNames.StartAnalysis);
        options.RegisterActivity<SwitchServicesActivity>(EffectNames.SwitchServices);
        options.RegisterActivity<TerminateAnalysisActivity>(EffectNames.TerminateAnalysis);
        options.RegisterActivity<UpdateReplicaSetActivity>(EffectNames.UpdateReplicaSet);
    }
}
