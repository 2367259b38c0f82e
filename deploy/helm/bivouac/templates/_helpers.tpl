{{- define "bivouac.name" -}}
{{- default .Release.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/* Of what has no namespace of this release: two releases may have one name. */}}
{{- define "bivouac.clusterName" -}}
{{- printf "%s-%s" .Release.Namespace (include "bivouac.name" .) -}}
{{- end -}}

{{/* Where Bivouac looks for the controller's objects. */}}
{{- define "bivouac.controllerNamespace" -}}
{{- eq .Values.watch.controller "flux" | ternary "flux-system" "argocd" -}}
{{- end -}}

{{- define "bivouac.selector" -}}
app.kubernetes.io/name: bivouac
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "bivouac.labels" -}}
{{ include "bivouac.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end -}}

{{- define "bivouac.image" -}}
{{- $image := .Values.image -}}
{{- if $image.digest -}}{{ $image.repository }}@{{ $image.digest }}{{- else -}}{{ $image.repository }}:{{ default .Chart.AppVersion $image.tag }}{{- end -}}
{{- end -}}

{{- define "bivouac.secret" -}}
- name: {{ .variable }}
  valueFrom:
    secretKeyRef:
      name: {{ .name }}
      key: {{ .key }}
{{- if .optional }}
      optional: true
{{- end }}
{{- end -}}
